package takhti

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"time"
)

// ImportKind is what a workbook lists.
type ImportKind string

// The kinds of import.
const (
	ImportPlaces   ImportKind = "places"
	ImportShipment ImportKind = "shipment" // a packing list
	ImportDelivery ImportKind = "delivery" // the serials that came with a shipment
	ImportUpdates  ImportKind = "updates"  // facts of devices that are in the register
	ImportHandouts ImportKind = "handouts" // who holds which device at a school
	ImportModels   ImportKind = "models"
	ImportStock    ImportKind = "stocktake" // the serials that were found at a place
	ImportTargets  ImportKind = "targets"   // how many devices places are to have, and by when
	ImportAccounts ImportKind = "accounts"  // of people and of schools, without passwords
)

// ImportState is how far an import has come.
type ImportState string

// The states of an import.
const (
	ImportPlanned  ImportState = "planned"
	ImportApplied  ImportState = "applied"
	ImportApplying ImportState = "applying" // it is being carried out
	ImportStopped  ImportState = "stopped"  // a part of it is carried out; Stopped says why no more is
	ImportUndoing  ImportState = "undoing"
	ImportUndone   ImportState = "undone"
)

// ImportPhase is what the work on an import is at.
type ImportPhase string

// The phases of the work on an import.
const (
	PhaseWaiting  ImportPhase = "waiting" // until others have ended
	PhaseReading  ImportPhase = "reading"
	PhaseChecking ImportPhase = "checking"
	PhaseApplying ImportPhase = "applying"
	PhaseUndoing  ImportPhase = "undoing"
)

// ImportProgress is how far the work on an import has come.
type ImportProgress struct {
	Phase       ImportPhase `json:"phase"`
	Done        int         `json:"done" doc:"Rows, in this phase"`
	Known       int         `json:"known,omitempty" doc:"Rows in all; absent while that is not known"`
	PerSecond   int         `json:"per_second,omitempty" doc:"Rows, in this phase"`
	SecondsLeft int         `json:"seconds_left,omitempty" doc:"At this pace"`
}

// ImportStop is why an import was not carried out, or not to its end.
type ImportStop struct {
	Code    string    `json:"code" example:"import.changed"`
	Message string    `json:"message"`
	Time    time.Time `json:"time"`
}

// Import is a workbook that was sent in: what it would do, or what it did.
type Import struct {
	ID       string      `json:"id" example:"I-17"`
	Kind     ImportKind  `json:"kind"`
	State    ImportState `json:"state"`
	FileName string      `json:"file_name" example:"HP_Lahore_lot3.xlsx"`
	SHA256   string      `json:"sha256"`
	Size     int64       `json:"size" doc:"In bytes"`
	By       string      `json:"by"`
	Time     time.Time   `json:"time" doc:"When it was sent in"`
	Shipment string      `json:"shipment,omitempty"`
	Supplier string      `json:"supplier,omitempty"`
	To       string      `json:"to,omitempty" doc:"The code of the place it is for"`
	Date     Date        `json:"date,omitempty" doc:"Of a stock-take: the day of the count, where its rows do not say it"`
	SkipBad  bool        `json:"skip_bad" doc:"Rows with problems are left out, instead of refusing the whole file"`

	Digest    string `json:"digest,omitempty" doc:"What stands for the plan: give it to commit, so that what was shown is what is done"`
	Rows      int    `json:"rows" doc:"Filled rows below the header"`
	New       int    `json:"new"`
	Changed   int    `json:"changed"`
	Unchanged int    `json:"unchanged"`
	LeftOut   int    `json:"left_out" doc:"Rows with problems that are not carried out"`
	Lapsed    int    `json:"lapsed,omitempty" doc:"Of those left out: rows that were good when the plan was shown, and were not when their part came"`

	Progress *ImportProgress `json:"progress,omitempty" doc:"While it is being carried out"`
	Stopped  *ImportStop     `json:"stopped,omitempty" doc:"Why it was not carried out, or not to its end"`
	Undo     *UndoTally      `json:"undo,omitempty" doc:"What undoing it made of it"`

	Notes        []string  `json:"notes,omitempty" nullable:"false" doc:"What is good to know of the file, such as columns that are not used"`
	ProblemCount int       `json:"problem_count" doc:"How many problems there are in all; read them at /imports/{id}/problems"`
	Problems     []Problem `json:"problems,omitempty" nullable:"false" doc:"The first of the problems"`
	Groups       []Group   `json:"groups,omitempty" nullable:"false" doc:"The problems by cause: those that nothing was decided about first"`
	Reading      *Reading  `json:"reading,omitempty" doc:"What was said of how the workbook is to be read"`
}

// Problem is one thing that is wrong with a file.
type Problem struct {
	Sheet      string `json:"sheet" example:"Packing list"`
	Row        int    `json:"row" doc:"As the spreadsheet shows it" example:"17"`
	Column     string `json:"column" doc:"Its letter; empty when the whole row is meant" example:"B"`
	Value      string `json:"value" doc:"As it was read" example:"1.23E+11"`
	Code       string `json:"code" example:"serial.scientific"`
	Message    string `json:"message"`
	Suggestion string `json:"suggestion,omitempty" doc:"A value that could be meant"`
}

// RowOutcome is what came of one row of an imported list.
type RowOutcome string

// What can come of a row.
const (
	RowNew       RowOutcome = "new"
	RowChanged   RowOutcome = "changed"
	RowUnchanged RowOutcome = "unchanged"
	RowLeftOut   RowOutcome = "left_out"
)

// ImportRow is what came of one row of an imported list.
type ImportRow struct {
	Sheet   string     `json:"sheet" example:"Packing list"`
	Row     int        `json:"row" doc:"As the spreadsheet shows it" example:"17"`
	Outcome RowOutcome `json:"outcome"`
	Subject string     `json:"subject" doc:"The serial of its device, or the code of its place, as far as the row says it" example:"5CD3160ABC"`
	Column  string     `json:"column,omitempty" doc:"Of a row that was left out: the letter of the column that is at fault"`
	Code    string     `json:"code,omitempty" doc:"and why"`
	Message string     `json:"message,omitempty"`
}

// Upload is a workbook to be sent in.
type Upload struct {
	Kind     ImportKind
	FileName string
	File     io.Reader // one that can seek, such as an *os.File, is sent on when the network fails

	Progress func(sent, size int64) // is called while a large file that can seek is sent; nil: not

	Shipment string // the shipment's number, where the file does not say it
	Supplier string
	To       string   // the code of the place that the shipment, or the list, is for
	Date     Date     // of a stock-take: the day of the count, where the file does not say it; empty: today
	SkipBad  bool     // leave rows with problems out, instead of refusing the whole file
	Reading  *Reading // how the file is to be read, where that is known already
}

// Commit says which plan of an import is to be carried out.
type Commit struct {
	Digest  string `json:"digest" doc:"Of the plan that was shown"`
	SkipBad bool   `json:"skip_bad,omitempty" doc:"As it was when the plan was made"`
}

// UploadImport sends a workbook in and returns what it would do. Nothing is done
// before [Client.CommitImport]. A file of more than 1 MB that can seek is sent as
// [Client.SendFile] does it.
func (c *Client) UploadImport(ctx context.Context, u Upload) (result Import, err error) {
	fields := [][2]string{{"kind", string(u.Kind)}, {"shipment", u.Shipment}, {"supplier", u.Supplier}, {"to", u.To}}
	if u.Date != "" {
		fields = append(fields, [2]string{"date", string(u.Date)})
	}
	if u.SkipBad {
		fields = append(fields, [2]string{"skip_bad", "true"})
	}
	if u.Reading != nil {
		text, err := json.Marshal(u.Reading)
		if err != nil {
			return result, err
		}
		fields = append(fields, [2]string{"reading", string(text)})
	}
	file := u.File
	if large, ok := largeFile(file); ok {
		switch id, err := c.SendFile(ctx, u.FileName, large, u.Progress); {
		case err == nil:
			file, fields = nil, append(fields, [2]string{"upload", id})
		case !onlyWhole(err):
			return result, err
		}
	}
	form, err := newForm(fields, u.FileName, file)
	if err != nil {
		return result, err
	}
	err = c.do(ctx, call{method: "POST", path: "/imports", body: form}, &result)
	return result, err
}

// ImportPage reads one page of imports, the newest first.
func (c *Client) ImportPage(ctx context.Context, limit int, cursor string) (Page[Import], error) {
	return get[Page[Import]](ctx, c, "/imports", newParameters().number("limit", limit).text("cursor", cursor).Values)
}

// Imports yields all imports, the newest first.
func (c *Client) Imports(ctx context.Context) iter.Seq2[Import, error] {
	return each(func(cursor string) (Page[Import], error) { return c.ImportPage(ctx, wholePages, cursor) })
}

// Import reads one import; of one that was not carried out, the plan as it is now.
func (c *Client) Import(ctx context.Context, id string) (Import, error) {
	return get[Import](ctx, c, at("imports", id), nil)
}

// ImportProblems yields all problems of an import's file.
func (c *Client) ImportProblems(ctx context.Context, id string) iter.Seq2[Problem, error] {
	return each(func(cursor string) (Page[Problem], error) {
		p := newParameters().number("limit", wholePages).text("cursor", cursor)
		return get[Page[Problem]](ctx, c, at("imports", id, "problems"), p.Values)
	})
}

// ImportRows yields what came of each row of an import that was carried out, in the
// order of its file: of all rows, or of those with one outcome.
func (c *Client) ImportRows(ctx context.Context, id string, only RowOutcome) iter.Seq2[ImportRow, error] {
	return each(func(cursor string) (Page[ImportRow], error) {
		return c.ImportRowPage(ctx, id, only, wholePages, cursor)
	})
}

// ImportRowPage reads one page of what came of an import's rows.
func (c *Client) ImportRowPage(ctx context.Context, id string, only RowOutcome, limit int, cursor string) (Page[ImportRow], error) {
	p := newParameters().text("outcome", string(only)).number("limit", limit).text("cursor", cursor)
	return get[Page[ImportRow]](ctx, c, at("imports", id, "rows"), p.Values)
}

// CommitImport carries the plan with the digest out, and waits until that is done.
// When the plan is no longer what was shown, nothing is done: the error has code
// import.changed and the new plan in its Import.
func (c *Client) CommitImport(ctx context.Context, id string, plan Commit) (Import, error) {
	return c.FollowImport(ctx, id, plan, func(Import) {})
}

// FollowImport is [Client.CommitImport], and tells now and then how far the server
// has come. The server goes on when the client leaves.
func (c *Client) FollowImport(ctx context.Context, id string, plan Commit, watch func(Import)) (Import, error) {
	content, err := bodyOf(plan)
	if err != nil {
		return Import{}, err
	}
	return c.follow(ctx, call{method: http.MethodPost, path: at("imports", id, "commit"), body: content}, watch)
}

// follow sends an order until it is carried out.
func (c *Client) follow(ctx context.Context, order call, watch func(Import)) (Import, error) {
	for {
		i, wait, err := c.orderImport(ctx, order)
		if err != nil || wait == 0 {
			return i, err
		}
		watch(i)
		if err := c.sleep(ctx, wait); err != nil {
			return i, err
		}
	}
}

// orderImport sends an order; wait is when to ask again what came of it, zero when
// it is done.
func (c *Client) orderImport(ctx context.Context, q call) (i Import, wait time.Duration, err error) {
	resp, err := c.send(ctx, q)
	if err != nil {
		return i, 0, err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&i); err != nil {
		return i, 0, fmt.Errorf("reading the answer to %s %s: %w", q.method, q.path, err)
	}
	if resp.StatusCode != http.StatusAccepted {
		return i, 0, nil
	}
	return i, max(retryAfter(resp.Header), firstWait), nil
}
