package readproc

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// What is asked goes to the process as JSON, an opening first and then a request
// at a time. What it answers, rows, merged blocks and copies aside, is JSON in a
// frame.

// version is raised when a program could not read what another one answers: where
// the file of a program was replaced while it ran, the process is another one.
const version = 2

// opening says which file is to be read and what that may cost.
type opening struct {
	Path    string // empty where the process inherits the open file
	Size    int64
	Sheets  sheet.Limits
	Process Limits
}

// request asks for a pass over a sheet. It ends the pass that is under way.
type request struct {
	Sheet  int
	After  int  // rows up to this number are known
	Extent bool // how far the sheet goes, in place of its rows

	Mark *sheet.Marks // a copy with these marks, those of its rows apart, in place of the rows
	More *moreMarks   // of the marks of the copy that was asked for
}

type bookAnswer struct {
	Version  int
	Sheets   []sheet.Sheet
	Date1904 bool
	Dialect  sheet.Dialect
}

// wholeAnswer ends a pass that saw all of a sheet.
type wholeAnswer struct {
	Sent   int          // rows, merged blocks or bytes of the copy in this pass
	Extent sheet.Extent // without the merged blocks
}

// refusedAnswer is an error of package sheet.
type refusedAnswer struct {
	Refusal sheet.Error // without Err
	Storage string      // what Err said
}

// refusedBy is the answer for err, or err when it is none of package sheet.
func refusedBy(err error) (refusedAnswer, error) {
	var e *sheet.Error
	if !errors.As(err, &e) {
		return refusedAnswer{}, err
	}
	a := refusedAnswer{Refusal: *e}
	if e.Err != nil {
		a.Refusal.Err, a.Storage = nil, e.Err.Error()
	}
	return a, nil
}

func (a refusedAnswer) error() error {
	e := a.Refusal
	if a.Storage != "" {
		e.Err = errors.New(a.Storage)
	}
	if e.Code == "" || e.Message == "" || e.Code == sheet.CodeUnreadable && e.Err == nil {
		return garbled("a refusal without a reason")
	}
	return &e
}

func (a bookAnswer) check() error {
	d := a.Dialect
	switch {
	case a.Version != version:
		return garbled("it is another version of this program: start this one again")
	case d != (sheet.Dialect{}) && (d.Encoding < sheet.UTF8 || d.Encoding > sheet.Windows1256 || !strings.Contains(",;\t|", string(d.Separator))):
		return garbled("a file in the encoding %d with the separator %q", uint8(d.Encoding), d.Separator)
	}
	for _, s := range a.Sheets {
		if s.State < sheet.Visible || s.State > sheet.VeryHidden {
			return garbled("a sheet in the state %d", uint8(s.State))
		}
	}
	return nil
}

// decode reads an answer in JSON.
func decode(frame []byte, answer any) error {
	if err := json.Unmarshal(frame, answer); err != nil {
		return garbled("%v", err)
	}
	return nil
}
