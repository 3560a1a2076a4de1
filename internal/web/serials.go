package web

import (
	"slices"
	"strings"
	"unicode"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// serials are those typed or scanned into a form, each once, in the order in which
// they came; what cannot be one is a problem of the form.
func (v *visit) serials(f form) (list []fleet.Serial, _ form) {
	texts := strings.FieldsFunc(f.value("serials"), func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' })
	if len(texts) == 0 {
		f, _ = v.reject(f, fleet.Invalidf("serials.missing", "type or scan at least one serial").In("serials"))
	}
	for _, text := range texts {
		switch serial, err := fleet.ParseSerial(text); {
		case err != nil:
			f, _ = v.reject(f, err, "serial", "serials")
		case !slices.Contains(list, serial):
			list = append(list, serial)
		}
	}
	return list, f
}

// applyEach makes the changes, all of them, or none and a problem of the form for
// each that is refused. A form that has problems already changes nothing. fields
// are as in reject.
func (v *visit) applyEach(f form, changes []registry.Change, fields ...string) (registry.Receipt, form, error) {
	if len(f.problems) > 0 {
		return registry.Receipt{}, f, nil
	}
	receipt, err := v.apply(f, changes...)
	if err == nil {
		return receipt, f, nil
	}
	rejected, mendable := v.reject(f, err, fields...)
	if !mendable {
		return receipt, f, err
	}
	// The first refusal ended it; a look at each tells of the others, too.
	errs, err := v.session.Preview(v.ctx, changes...)
	if err != nil {
		return receipt, f, err
	}
	for _, refused := range errs {
		f, _ = v.reject(f, refused, fields...)
	}
	if len(f.problems) == 0 {
		return receipt, rejected, nil
	}
	return receipt, f, nil
}
