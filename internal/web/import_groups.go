package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// What the forms of an import's page are called.
const (
	decideName  = "decide"
	restateName = "restate"
	commitName  = "commit"
)

// maxGroups is how many causes the page asks about at once, those of the most rows.
const maxGroups = 60

// groups are the causes that the page asks about.
func (p importPage) groups() []workbook.Group {
	return p.plan.Groups[:min(maxGroups, len(p.plan.Groups))]
}

// undecided is how many causes nothing was decided about.
func (p importPage) undecided() (n int) {
	for _, g := range p.plan.Groups {
		if g.Decision.Do == "" {
			n++
		}
	}
	return n
}

// decisionFields are the names of a cause's fields in the form: the cause itself,
// what to do, and the text to read instead.
func decisionFields(i int) (cause, do, value string) {
	n := strconv.Itoa(i)
	return "cause" + n, "do" + n, "value" + n
}

// allField is the button that takes what is offered for every cause that nothing was
// decided about.
const allField = "all"

// offered is the number of causes for which something is offered.
func (p importPage) offered() (n int) {
	for _, g := range p.groups() {
		if offer(g) != "" && g.Decision.Do == "" {
			n++
		}
	}
	return n
}

// offer is the choice that is likely what was meant; empty when none is.
func offer(g workbook.Group) string {
	if g.First.Suggestion == "" || len(g.Offers) == 0 || g.Choices[0] != workbook.Use {
		return ""
	}
	return useValue + g.Offers[0]
}

// useValue stands before a text in the value of the choice to read it.
const useValue = workbook.Use + ":"

// decisionChoices are what can be decided about a cause.
func (v *view) decisionChoices(g workbook.Group) []choice {
	list := []choice{{"", v.say("import.undecided")}}
	for _, do := range g.Choices {
		if do != workbook.Use {
			list = append(list, choice{do, v.word("import_decision", do)})
			continue
		}
		offers := g.Offers
		if d := g.Decision; d.Do == workbook.Use && !slices.Contains(offers, d.Value) {
			offers = append([]string{d.Value}, offers...)
		}
		for _, offer := range offers {
			list = append(list, choice{useValue + offer, v.say("import.read_as", "text", offer)})
		}
	}
	return list
}

// decided is the choice that was made about a cause.
func decided(d registry.Decision) string {
	if d.Do == workbook.Use {
		return useValue + d.Value
	}
	return d.Do
}

// groupTitle is what is wrong, with the text that is, if it is one text.
func (v *view) groupTitle(g workbook.Group) string {
	if g.Value != "" {
		return v.say("import.group_value", "column", cmp.Or(g.Header, g.First.Column), "value", g.Value)
	}
	return v.problemText(g.First)
}

// decideImport settles causes, or takes what the rows do not say, and leads back to what the file would then do.
func (v *visit) decideImport(id uint64, f form) (reply, error) {
	i, err := v.session.Import(v.ctx, id)
	if err != nil {
		return reply{}, err
	}
	change := registry.ReadImport{ID: id, Reading: i.Reading}
	if f.name == restateName {
		change.Unsaid = &registry.Unsaid{Shipment: f.value("shipment"), Supplier: f.value("supplier"), To: fleet.PlaceCode(f.value("to"))}
		change.Unsaid.Date, err = f.date("date")
		if to := change.Unsaid.To; err == nil && to != "" {
			_, err = v.session.Place(v.ctx, to)
		}
	} else {
		change.Reading.Decisions = decisionsOf(f.values, i.Reading.Decisions)
	}
	if err == nil {
		_, err = v.Desk.Read(v.ctx, v.session, registry.Request{ID: f.key}, change)
	}
	if err == nil {
		return goTo(importAddress(id)), nil
	}
	f, ok := v.reject(f, err, "place", "to")
	if !ok {
		return reply{}, err
	}
	return v.planned(id, f)
}

// decisionsOf are the decisions of the form, and those made earlier about causes
// that it does not show.
func decisionsOf(values url.Values, earlier []registry.Decision) []registry.Decision {
	var all []registry.Decision
	shown := map[string]bool{}
	for i := 0; ; i++ {
		causeField, doField, valueField := decisionFields(i)
		offerField := causeField + "offer"
		cause := values.Get(causeField)
		if cause == "" {
			break
		}
		shown[cause] = true
		d := registry.Decision{Cause: cause, Do: values.Get(doField)}
		if d.Do == "" && values.Get(allField) != "" {
			d.Do = values.Get(offerField)
		}
		if text, isUse := strings.CutPrefix(d.Do, useValue); isUse {
			d.Do, d.Value = workbook.Use, text
		}
		if typed := strings.TrimSpace(values.Get(valueField)); typed != "" {
			d.Do, d.Value = workbook.Use, typed
		}
		if d.Do != "" {
			all = append(all, d)
		}
	}
	for _, d := range earlier {
		if !shown[d.Cause] {
			all = append(all, d)
		}
	}
	return all
}

// planned is the page of an import that was not carried out, with a form that could
// not be taken.
func (v *visit) planned(id uint64, f form) (reply, error) {
	plan, i, err := v.Desk.Plan(v.ctx, v.session, id, nil)
	if err != nil {
		return v.unusable(importPage{Import: i, form: f}, err)
	}
	if i.State != registry.ImportPlanned {
		return reply{}, fleet.Conflictf("import.applied", "import %s was applied already", registry.ImportRef(id))
	}
	return v.importReply(importPage{Import: i, plan: plan, form: f})
}

// lacks says whether rows do not say what whoever imports the file could.
func (p importPage) lacks() bool {
	return slices.ContainsFunc(p.plan.Groups, func(g workbook.Group) bool {
		return g.Code == "shipment.number" || g.Code == "shipment.destination" || g.Code == "district.missing"
	})
}

// decideForm is the form of the decisions, with what is wrong with it if it was sent.
func (p importPage) decideForm() form { return p.formNamed(decideName) }

// restateForm is the form of what the rows do not say.
func (p importPage) restateForm() form { return p.formNamed(restateName) }

func (p importPage) formNamed(name string) form {
	if p.form.name == name {
		return p.form
	}
	return blankForm(name)
}
