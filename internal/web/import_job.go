package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/takhti-edu/takhti/internal/workbook"
)

// progressText is how far a job has come, in one line.
func (v *view) progressText(p workbook.Progress) string {
	text := v.word("import_phase", p.Phase.String(), "n", p.Done)
	if p.Known > 0 {
		text = v.word("import_phase_of", p.Phase.String(), "done", p.Done, "n", p.Known)
	}
	if p.PerSecond > 0 {
		text += " " + v.say("import.pace", "n", p.PerSecond)
	}
	switch seconds := int(p.Left.Round(time.Second).Seconds()); {
	case seconds > 90:
		text += " " + v.say("import.minutes_left", "n", (seconds+59)/60)
	case seconds > 0:
		text += " " + v.say("import.seconds_left", "n", seconds)
	}
	return text
}

// eventsEvery is how often a page that watches an import is told of its progress.
const eventsEvery = 500 * time.Millisecond

// watchImport tells a page how the import goes on, until it has ended.
func (v *visit) watchImport() (reply, error) {
	id, err := v.importID()
	if err != nil {
		return reply{}, err
	}
	if _, err := v.session.Import(v.ctx, id); err != nil {
		return reply{}, err
	}
	v.c.Header("Content-Type", "text/event-stream")
	v.c.Status(http.StatusOK)
	tick := time.NewTicker(eventsEvery)
	defer tick.Stop()
	for job := v.Desk.Job(id); job != nil; {
		if err := v.tell("progress", v.progressEvent(job.Progress())); err != nil {
			return reply{sent: true}, nil // the visitor has left
		}
		select {
		case <-job.Done():
			job = nil
		case <-v.ctx.Done():
			return reply{sent: true}, nil
		case <-tick.C:
			if !v.Auth.Holds(v.ctx, v.actor) {
				return reply{sent: true}, nil // signed out meanwhile
			}
		}
	}
	_ = v.tell("done", struct{}{}) // nobody is left to be told otherwise
	return reply{sent: true}, nil
}

// progressEvent is what the page's script shows.
type progressEvent struct {
	Text  string `json:"text"`
	Done  int    `json:"done"`
	Known int    `json:"known"`
}

func (v *view) progressEvent(p workbook.Progress) progressEvent {
	return progressEvent{Text: v.progressText(p), Done: p.Done, Known: p.Known}
}

// tell sends an event.
func (v *visit) tell(name string, data any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(v.c.Writer, "event: %s\ndata: %s\n\n", name, text); err != nil {
		return err
	}
	v.c.Writer.Flush()
	return nil
}
