package fleet

import (
	"strings"
	"testing"
)

// Every text that people write freely, by the field that an error names.
func TestFreeTexts(t *testing.T) {
	device := func(set func(*Device, string)) func(string) error {
		return func(s string) error {
			d := Device{Serial: "5CD3160ABC"}
			set(&d, s)
			return d.Check()
		}
	}
	place := func(set func(*Place, string)) func(string) error {
		return func(s string) error {
			p := Place{Kind: District, State: Active, Code: "PK601", Name: "Lahore"}
			set(&p, s)
			return p.Check()
		}
	}
	model := func(set func(*Model, string)) func(string) error {
		return func(s string) error {
			m := Model{Name: "Takhti 11"}
			set(&m, s)
			return m.Check()
		}
	}
	fields := map[string]struct {
		most  int
		check func(string) error
	}{
		"full_name":    {100, func(s string) error { return (&User{Name: "asma", FullName: s}).Check() }},
		"token name":   {100, func(s string) error { return (&Token{Kind: APIToken, Name: s}).Check() }},
		"supplier":     {100, func(s string) error { return (&Shipment{Supplier: s}).Check() }},
		"file":         {255, func(s string) error { return (&Shipment{FileName: s}).Check() }},
		"holder":       {60, func(s string) error { return Holder{Kind: HeldInRoom, Label: s}.Check() }},
		"learner":      {20, func(s string) error { return Holder{Kind: HeldByLearner, Label: s, Roll: 7}.Check() }},
		"note":         {500, checkNote},
		"fir":          {40, func(s string) error { return checkFIR(FaultStolen, s) }},
		"mac":          {100, device(func(d *Device, s string) { d.MAC = s })},
		"carton":       {100, device(func(d *Device, s string) { d.Carton = s })},
		"lot":          {100, device(func(d *Device, s string) { d.Lot = s })},
		"line":         {100, device(func(d *Device, s string) { d.Line = s })},
		"po":           {100, device(func(d *Device, s string) { d.PO = s })},
		"funding":      {100, device(func(d *Device, s string) { d.Funding = s })},
		"name":         {200, place(func(p *Place, s string) { p.Name = s })},
		"name_urdu":    {200, place(func(p *Place, s string) { p.NameUrdu = s })},
		"aliases":      {200, place(func(p *Place, s string) { p.Aliases = []string{s} })},
		"division":     {100, place(func(p *Place, s string) { p.Division = s })},
		"phone":        {40, place(func(p *Place, s string) { p.Phone = s })},
		"model":        {100, model(func(m *Model, s string) { m.Name = s })},
		"manufacturer": {100, model(func(m *Model, s string) { m.Manufacturer = s })},
		"any other":    {100, func(s string) error { return CheckText("to", "the place's code", s) }},
		"screen":       {100, model(func(m *Model, s string) { m.Screen = s })},
	}
	for name, field := range fields {
		for _, fine := range []string{strings.Repeat("ک", field.most), "3rd", "اسلام\u200cآباد", "a \u200fب\u200e c", "naïve – “x” 😀", "\uFFFD"} {
			if err := field.check(fine); err != nil {
				t.Errorf("%s: %q is refused: %v", name, fine, err)
			}
		}
		if err := field.check(strings.Repeat("ک", field.most+1)); err == nil {
			t.Errorf("%s: %d characters are accepted", name, field.most+1)
		}
		for _, bad := range []string{"a\x00b", "\x1b[31mred", "a\u202eb", "a\u2066b", "a\u2028b", "a\u0085b", "a\x7fb", "a\xffb"} {
			if got := codeOf(field.check(bad)); got != "text.character" {
				t.Errorf("%s: %q: %q", name, bad, got)
			}
		}
		lines := map[bool]string{true: "", false: "text.character"}[name == "note"]
		if got := codeOf(field.check("one\r\n\ttwo")); got != lines {
			t.Errorf("%s: two lines: %q", name, got)
		}
	}
}

// Messages repeat what somebody sent, and do to a terminal what it would.
func TestMessagesHoldNothingThatActs(t *testing.T) {
	for sent, want := range map[string]string{
		"PK601":          "there is no place PK601",
		"لاہور":          "there is no place لاہور",
		"a\u200fb":       "there is no place a\u200fb", // Urdu is typed with it
		"a\x1b[31mb":     `there is no place a\x1b[31mb`,
		"a\u202eb":       `there is no place a\u202eb`,
		"a\u2066b":       `there is no place a\u2066b`,
		"a\u0085b\x00\r": `there is no place a\u0085b\x00\r`,
	} {
		if got := NotFoundf("place.not_found", "there is no place %s", sent).Error(); got != want {
			t.Errorf("%q becomes %q, want %q", sent, got, want)
		}
	}
}
