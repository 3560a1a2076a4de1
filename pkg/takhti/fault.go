package takhti

import (
	"context"
	"iter"
	"time"
)

// Fault is a report that a device does not work as it should, and what came of it.
type Fault struct {
	Ref       string        `json:"ref" doc:"What people are given" example:"F-00169"`
	Serial    string        `json:"serial" example:"5CD3160ABC"`
	Place     string        `json:"place,omitempty" doc:"The code of the place where the device was" example:"PK6-37330250"`
	PlaceName string        `json:"place_name,omitempty"`
	Category  FaultCategory `json:"category"`
	Severity  Severity      `json:"severity"`
	State     FaultState    `json:"state"`
	Open      bool          `json:"open" doc:"It still waits for something"`
	Route     Route         `json:"route,omitempty" doc:"How it is being repaired"`
	Outcome   Outcome       `json:"outcome,omitempty" doc:"What came of it"`
	FIR       string        `json:"fir,omitempty" doc:"The police report's number, for loss and theft"`
	Notes     []Note        `json:"notes,omitempty" nullable:"false"`
	Reported  time.Time     `json:"reported"`
	Ended     *time.Time    `json:"ended,omitempty"`
}

// Note is a remark on a fault.
type Note struct {
	Time time.Time `json:"time"`
	By   string    `json:"by"`
	Text string    `json:"text"`
}

// NewFault reports a fault. A second report of the same category, while one is
// open, is added to that one as a note.
type NewFault struct {
	Serial   string        `json:"serial" example:"5CD3160ABC"`
	Category FaultCategory `json:"category"`
	Severity Severity      `json:"severity,omitempty" doc:"major when left out"`
	Note     string        `json:"note,omitempty" doc:"Needed for category other" example:"cracked in one corner"`
	FIR      string        `json:"fir,omitempty" doc:"The police report's number, for loss and theft; may follow later"`
}

// Triage says how bad a reported fault is.
type Triage struct {
	Severity Severity `json:"severity,omitempty" doc:"major when left out"`
	Note     string   `json:"note,omitempty"`
}

// Repair says how a fault's device is to be repaired.
type Repair struct {
	Route Route  `json:"route"`
	Note  string `json:"note,omitempty"`
}

// Returned says what came of a repair.
type Returned struct {
	Outcome Outcome `json:"outcome"`
	Note    string  `json:"note,omitempty"`
}

// Closing ends a fault.
type Closing struct {
	Outcome Outcome `json:"outcome,omitempty" doc:"Not needed when the device came back from repair with one"`
	Note    string  `json:"note,omitempty"`
}

// FaultQuery says which faults are wanted: open ones the oldest first, otherwise
// all, the newest first. Empty fields ask for nothing in particular.
type FaultQuery struct {
	Place    string // at the place with this code and below it
	Serial   string // of one device; with it, no other field is used
	Open     bool
	State    FaultState
	Category FaultCategory
	Limit    int    // of one page, at most 1000
	Cursor   string // Next of the page before
}

// FaultPage reads one page of faults. It may be shorter than its limit and yet
// not the last: only an empty Next says so.
func (c *Client) FaultPage(ctx context.Context, q FaultQuery) (Page[Fault], error) {
	p := newParameters().text("place", q.Place).text("serial", q.Serial).flag("open", q.Open).
		text("state", string(q.State)).text("category", string(q.Category))
	return get[Page[Fault]](ctx, c, "/faults", p.number("limit", q.Limit).text("cursor", q.Cursor).Values)
}

// Faults yields all faults that the query asks for.
func (c *Client) Faults(ctx context.Context, q FaultQuery) iter.Seq2[Fault, error] {
	q.Limit = wholePages
	return each(func(cursor string) (Page[Fault], error) {
		q.Cursor = cursor
		return c.FaultPage(ctx, q)
	})
}

// Fault reads the fault with a reference.
func (c *Client) Fault(ctx context.Context, ref string) (Fault, error) {
	return get[Fault](ctx, c, at("faults", ref), nil)
}

// ReportFault reports that a device does not work as it should, or is gone.
func (c *Client) ReportFault(ctx context.Context, f NewFault) (Fault, error) {
	return post[Fault](ctx, c, "/faults", f)
}

// TriageFault records that a reported fault was looked at.
func (c *Client) TriageFault(ctx context.Context, ref string, t Triage) (Fault, error) {
	return post[Fault](ctx, c, at("faults", ref, "triage"), t)
}

// SendToRepair sends a fault's device to be repaired.
func (c *Client) SendToRepair(ctx context.Context, ref string, r Repair) (Fault, error) {
	return post[Fault](ctx, c, at("faults", ref, "repair"), r)
}

// ReturnFromRepair brings a repaired device back to its place.
func (c *Client) ReturnFromRepair(ctx context.Context, ref string, r Returned) (Fault, error) {
	return post[Fault](ctx, c, at("faults", ref, "return"), r)
}

// CloseFault ends a fault.
func (c *Client) CloseFault(ctx context.Context, ref string, closing Closing) (Fault, error) {
	return post[Fault](ctx, c, at("faults", ref, "close"), closing)
}
