package web

import (
	"bytes"
	"encoding/csv"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// importPage is an import: what it would change, or what came of it.
type importPage struct {
	registry.Import
	plan     *workbook.Plan // nil once applied, unless its problems are asked for
	form     form
	refused  string               // why the file cannot be used at all
	mendable bool                 // it might be, by other choices of its columns
	earlier  []registry.Import    // of the very same file
	job      *workbook.Job        // at work on it; nil when none is
	kept     []registry.ImportRow // what undoing it left as it was
	notice   *notice
}

// maxProblems is how many problems the page shows one by one.
const maxProblems = 200

func (v *visit) showImport() (reply, error) {
	id, err := v.importID()
	if err != nil {
		return reply{}, err
	}
	i, err := v.session.Import(v.ctx, id)
	if err != nil {
		return reply{}, err
	}
	p := importPage{Import: i, form: blankForm(commitName), notice: v.takeNotice()}
	if i.State == registry.ImportPlanned || v.query("problems") != "" || v.query("format") != "" {
		p.plan, _, err = v.Desk.Plan(v.ctx, v.session, id, nil)
	}
	if err != nil {
		return v.unusable(p, err)
	}
	if p.job = v.Desk.Job(id); p.job != nil {
		v.script, v.refresh = "import.js", true
	}
	if p.kept, err = v.kept(i); err != nil {
		return reply{}, err
	}
	if v.query("format") == "csv" {
		file, err := problemTable(p.plan.Problems)
		return reply{status: http.StatusOK, file: &file}, err
	}
	return v.importReply(p)
}

// importID reads the number that the address ends in. What cannot be one is not
// the number of any import.
func (v *visit) importID() (uint64, error) {
	id, err := workbook.ParseImportRef(v.c.Param("ref"))
	if err != nil {
		return 0, fleet.NotFoundf("import.not_found", "there is no import %s", v.c.Param("ref"))
	}
	return id, nil
}

// unusable is the page of an import whose file as a whole cannot be read.
func (v *visit) unusable(p importPage, err error) (reply, error) {
	e, ok := asFleetError(err)
	if !ok || e.Kind >= fleet.Forbidden {
		return reply{}, err
	}
	p.refused, p.mendable = v.errorText(e), isReading(e.Code)
	p.form.status = http.StatusUnprocessableEntity
	return v.importReply(p)
}

// isReading says whether a file that cannot be read might be when its sender says
// what its sheets and columns hold.
func isReading(code string) bool {
	group, _, _ := strings.Cut(code, ".")
	return group == "header" || group == "reading" || code == "file.kind"
}

func (v *visit) importReply(p importPage) (reply, error) {
	if p.State == registry.ImportPlanned {
		latest, err := v.session.Imports(v.ctx, maxImports)
		if err != nil {
			return reply{}, err
		}
		for _, i := range latest {
			if i.SHA256 == p.SHA256 && i.State == registry.ImportApplied {
				p.earlier = append(p.earlier, i)
			}
		}
	}
	title := v.say("import.title", "ref", registry.ImportRef(p.ID))
	return p.form.again(show(title, importBody(v.view, p))), nil
}

// commitImport makes the changes that were shown, and none when they would no
// longer be the same; or takes what was decided about the problems first.
func (v *visit) commitImport() (reply, error) {
	id, err := v.importID()
	if err != nil {
		return reply{}, err
	}
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	f := formOf(values)
	if f.name == decideName || f.name == restateName {
		return v.decideImport(id, f)
	}
	digest, err := hex.DecodeString(f.value("digest"))
	if err != nil {
		return reply{}, errUnknownForm
	}
	job, err := v.Desk.Start(v.ctx, v.session, id, digest, f.value("skip_bad") != "")
	if err != nil {
		return reply{}, err
	}
	if job != nil && !job.Wait(v.ctx, v.CommitWait) {
		return goTo(importAddress(id)), nil
	}
	i, err := v.session.Import(v.ctx, id)
	if err != nil {
		return reply{}, err
	}
	if job == nil {
		return v.imported(i), nil
	}
	plan, err := job.Err()
	if err == nil {
		return v.imported(i), nil
	}
	if plan == nil {
		return reply{}, err
	}
	f, ok := v.reject(f, err)
	if !ok {
		return reply{}, err
	}
	return v.importReply(importPage{Import: i, plan: plan, form: f})
}

func (v *visit) imported(i registry.Import) reply {
	return v.done("import", uint64(i.New)+uint64(i.Changed), importAddress(i.ID))
}

// again is the form for the corrected file, filled in as for this one.
func (p importPage) again() string {
	kind, err := workbook.ParseKind(p.Kind)
	if err != nil {
		return "/imports/new"
	}
	return address("/imports/new", "kind", kind.Lists(), "shipment", p.Shipment, "supplier", p.Supplier, "to", string(p.To), "date", p.Date.String(), "after", registry.ImportRef(p.ID))
}

// differencesLeft is how many of the plan's changes are not listed.
func (p importPage) differencesLeft() int {
	listed := 0
	for _, d := range p.plan.Differences {
		if d.Row != 0 {
			listed++
		}
	}
	return p.plan.Changed - listed
}

// halted is what stopped before its end.
func (p importPage) halted() registry.ImportState {
	if p.State == registry.ImportStopped && p.Undo.Parts > 0 {
		return registry.ImportUndoing
	}
	return p.State
}

// digest is what stands for the plan that is shown.
func (p importPage) digest() string { return hex.EncodeToString(p.plan.Digest) }

// ordered is the digest of the plan that is, or was to be, carried out.
func (p importPage) ordered() string { return hex.EncodeToString(p.Digest) }

// todo is how many rows the plan would change the register by.
func (p importPage) todo() int { return p.plan.New + p.plan.Changed }

// listed are the problems that the page shows.
func (p importPage) listed() []workbook.Problem {
	return p.plan.Problems[:min(maxProblems, len(p.plan.Problems))]
}

// problemTable is all the problems as a file, to work through beside one's own.
func problemTable(problems []workbook.Problem) (download, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	_ = w.Write([]string{"sheet", "row", "column", "value", "problem", "suggestion"}) // a buffer takes everything
	for _, p := range problems {
		_ = w.Write([]string{inert(p.Sheet), strconv.Itoa(p.Row), p.Column, inert(p.Value), sentence(p.Message), inert(p.Suggestion)})
	}
	w.Flush()
	return download{name: "takhti-problems.csv", kind: "text/csv; charset=utf-8", data: out.Bytes()}, w.Error()
}

// leftOut is the address of the rows that were left out.
func (p importPage) leftOut() string {
	return rowsAddress(p.ID, registry.RowLeftOut.String())
}

// problemText is what is wrong with a cell, in the page's language.
func (v *view) problemText(p workbook.Problem) string {
	return v.errorText(&fleet.Error{Code: p.Code, Message: p.Message})
}
