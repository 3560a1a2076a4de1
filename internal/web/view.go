package web

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// view is what every page is written with: the language, who is looking, and
// from where.
type view struct {
	*catalogue
	files    *files
	now      time.Time
	path     string
	actor    registry.Actor
	signedIn bool
	style    string // a style sheet of the page's own; empty: none
	script   string // that makes the page livelier; empty: none
	refresh  bool   // the page is to be loaded again soon, where there are no scripts
}

// date writes a day as 30 Jun 2026.
func (v *view) date(d fleet.Date) string {
	if d == 0 {
		return ""
	}
	day := d.Time()
	return v.say("time.date", "day", strconv.Itoa(day.Day()), "month", v.month(day.Month()), "year", strconv.Itoa(day.Year()))
}

func (v *view) month(m time.Month) string { return v.word("month", strconv.Itoa(int(m))) }

// moment writes a time as people in Pakistan read it off the clock.
func (v *view) moment(t time.Time) string {
	return v.say("time.moment", "date", v.date(fleet.DateOf(t)), "clock", t.In(fleet.PKT).Format("15:04"))
}

// ago says how long ago something was, in days: what an open matter is judged by.
func (v *view) ago(unix int64) string {
	switch n := v.days(unix); n {
	case 0:
		return v.say("time.today")
	case 1:
		return v.say("time.yesterday")
	default:
		return v.say("time.days_ago", "n", n)
	}
}

func (v *view) days(unix int64) int {
	return int(fleet.DateOf(v.now) - fleet.DateOf(time.Unix(unix, 0)))
}

// errorText is the text for an error's code, or else the error's own.
func (v *view) errorText(e *fleet.Error) string {
	if key := "error." + e.Code; v.known(key) {
		return v.say(key)
	}
	return sentence(e.Message)
}

// sentence makes an error's message one: errors begin small and end without a stop.
func sentence(message string) string {
	if message == "" {
		return ""
	}
	if message[0] >= 'a' && message[0] <= 'z' {
		message = strings.ToUpper(message[:1]) + message[1:]
	}
	if strings.HasSuffix(message, ".") || strings.HasSuffix(message, "?") {
		return message
	}
	return message + "."
}

// may says whether the visitor may do the action at the place.
func (v *view) may(a fleet.Action, at fleet.Path) bool { return v.actor.May(a, at) }

// can says whether the visitor may do the action anywhere.
func (v *view) can(a fleet.Action) bool { return v.actor.MayAnywhere(a) }

// roles are the words for what the visitor is, such as "Officer".
func (v *view) roles() string {
	var words []string
	for _, g := range v.actor.Grants {
		words = append(words, v.word("role", g.Role.String()))
	}
	return strings.Join(words, ", ")
}

// address builds the address of a page from its path and pairs of query names
// and values; empty values are left out.
func address(path string, query ...string) string {
	values := url.Values{}
	for i := 0; i+1 < len(query); i += 2 {
		if query[i+1] != "" {
			values.Set(query[i], query[i+1])
		}
	}
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

func deviceAddress(s fleet.Serial) string      { return "/devices/" + url.PathEscape(string(s)) }
func reportAddress(s fleet.Serial) string      { return "/d/" + url.PathEscape(string(s)) }
func faultAddress(ref string) string           { return "/faults/" + url.PathEscape(ref) }
func shipmentAddress(number string) string     { return "/shipments/" + url.PathEscape(number) }
func placeAddress(code fleet.PlaceCode) string { return "/places/" + url.PathEscape(string(code)) }

// asFleetError is the error in the words of fleet, if it can be put in them.
func asFleetError(err error) (*fleet.Error, bool) {
	return errors.AsType[*fleet.Error](registry.Explain(err))
}
