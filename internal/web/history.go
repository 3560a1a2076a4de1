package web

import (
	"sort"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// event is a step of a history in words.
type event struct {
	registry.Entry
	what  string
	fault *fleet.Fault // the one it is about, where that is not clear from the page
	turns []turn
	notes []string // written with the step
}

// turn is one fact that an event changed.
type turn struct{ what, from, to string }

// deviceHistory is all that happened to a device and to its faults, the latest first.
func (v *visit) deviceHistory(serial fleet.Serial) ([]event, error) {
	events, err := v.deviceEvents(serial)
	if err != nil {
		return nil, err
	}
	steps, err := v.session.FaultHistories(v.ctx, serial)
	if err != nil {
		return nil, err
	}
	for _, s := range steps {
		e := v.faultEvent(s)
		e.fault = &s.After
		events = append(events, e)
	}
	sort.Slice(events, func(i, j int) bool { return events[i].Seq > events[j].Seq })
	return joined(events), nil
}

// joined makes one event of each two that one change made: it writes what came of
// the fault, and right after it what came of the device.
func joined(events []event) (all []event) {
	for _, e := range events {
		n := len(all) - 1
		if e.fault != nil && n >= 0 && all[n].fault == nil && all[n].Seq == e.Seq+1 && all[n].Change == e.Change {
			all[n].fault, all[n].notes = e.fault, e.notes
			all[n].turns = append(e.turns, all[n].turns...)
			continue
		}
		all = append(all, e)
	}
	return all
}

func (v *visit) deviceEvents(serial fleet.Serial) ([]event, error) {
	steps, err := v.session.History(v.ctx, serial)
	if err != nil {
		return nil, err
	}
	var states []fleet.Device
	for _, s := range steps {
		if s.After != nil {
			states = append(states, *s.After)
		}
	}
	labels, err := v.session.DeviceLabels(v.ctx, states...)
	if err != nil {
		return nil, err
	}
	events := make([]event, 0, len(steps))
	for _, s := range steps {
		events = append(events, event{Entry: s.Entry, what: v.changeWord(s.Entry.Change), turns: v.deviceTurns(s, labels)})
	}
	return events, nil
}

// faultHistory is all that happened to a fault, oldest first.
func (v *visit) faultHistory(ref string) ([]event, error) {
	steps, err := v.session.FaultHistory(v.ctx, ref)
	if err != nil {
		return nil, err
	}
	events := make([]event, 0, len(steps))
	for _, s := range steps {
		events = append(events, v.faultEvent(s))
	}
	return events, nil
}

func (v *view) faultEvent(s registry.FaultEvent) event {
	e := event{Entry: s.Entry, what: v.changeWord(s.Entry.Change), turns: v.faultTurns(s)}
	written := s.After.Notes
	if s.Before != nil {
		written = written[min(len(s.Before.Notes), len(written)):]
		if s.Before.State == s.After.State && s.Entry.Change == (registry.ReportFault{}).Name() {
			e.what = v.say("fault.added_to") // which is what a second report does
		}
	}
	for _, n := range written {
		e.notes = append(e.notes, n.Text)
	}
	return e
}

// changeWord is what a change is called on pages.
func (v *view) changeWord(change string) string {
	if v.known("change." + change) {
		return v.word("change", change)
	}
	return change
}

// faultTurns are the facts that a step changed; the state is what the step is
// called by.
func (v *view) faultTurns(s registry.FaultEvent) (turns []turn) {
	var before fleet.Fault
	if s.Before != nil {
		before = *s.Before
	}
	add := func(what, from, to string) {
		if from != to && to != "" {
			turns = append(turns, turn{v.word("fault", what), from, to})
		}
	}
	add("severity", v.wordOf("severity", before.Severity.String()), v.wordOf("severity", s.After.Severity.String()))
	add("route", v.wordOf("route", before.Route.String()), v.wordOf("route", s.After.Route.String()))
	add("outcome", v.wordOf("outcome", before.Outcome.String()), v.wordOf("outcome", s.After.Outcome.String()))
	add("fir", before.FIR, s.After.FIR)
	return turns
}

// deviceTurns are the facts that a step changed, of those that people ask about.
func (v *view) deviceTurns(s registry.DeviceEvent, l registry.Labels) (turns []turn) {
	before, after := fleet.Device{}, fleet.Device{}
	if s.Before != nil {
		before = *s.Before
	}
	if s.After != nil {
		after = *s.After
	}
	add := func(what, from, to string) {
		if from != to {
			turns = append(turns, turn{v.word("device", what), from, to})
		}
	}
	add("status", v.wordOf("status", before.Status.String()), v.wordOf("status", after.Status.String()))
	add("condition", v.wordOf("condition", before.Condition.String()), v.wordOf("condition", after.Condition.String()))
	if before.Place != after.Place {
		add("place", v.placeName(l, before.Place), v.placeName(l, after.Place))
	}
	add("holder", v.holder(before.Holder), v.holder(after.Holder))
	add("tag", string(before.Tag), string(after.Tag))
	add("model", l.Models[before.Model], l.Models[after.Model])
	return turns
}

func (v *view) placeName(l registry.Labels, p fleet.Path) string {
	if p == "" {
		return ""
	}
	if place, ok := l.Places[p]; ok {
		return place.Name
	}
	return v.say("place.elsewhere")
}

// wordOf is the word for a name, empty for the empty name: no value yet.
func (v *view) wordOf(screen, name string) string {
	if name == "" {
		return ""
	}
	return v.word(screen, name)
}
