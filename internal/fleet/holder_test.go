package fleet

import (
	"strings"
	"testing"
)

func TestHolderCheck(t *testing.T) {
	urdu := func(n int) string { return strings.Repeat("ج", n) }
	for _, c := range []struct {
		name        string
		holder      Holder
		code, field string
	}{
		{"a post", Holder{Kind: HeldByTeacher, Label: "Mathematics teacher"}, "", ""},
		{"a class", Holder{Kind: HeldByClass, Label: "6-B"}, "", ""},
		{"a room", Holder{Kind: HeldInRoom, Label: "کمپیوٹر لیب"}, "", ""},
		{"a cart", Holder{Kind: HeldInCart, Label: "Cart 2"}, "", ""},
		{"a learner", Holder{Kind: HeldByLearner, Label: "6-B", Roll: 17}, "", ""},
		{"a long Urdu label", Holder{Kind: HeldInRoom, Label: urdu(60)}, "", ""},
		{"a long Urdu class", Holder{Kind: HeldByLearner, Label: urdu(20), Roll: 1}, "", ""},

		{"nobody", Holder{}, "holder.kind", "holder_kind"},
		{"no kind", Holder{Label: "Lab"}, "holder.kind", "holder_kind"},
		{"no such kind", Holder{Kind: HeldByLearner + 1, Label: "Lab"}, "holder.kind", "holder_kind"},
		{"a room without a name", Holder{Kind: HeldInRoom, Label: " "}, "holder.label_missing", "holder"},
		{"a label too long", Holder{Kind: HeldInRoom, Label: urdu(61)}, "holder.label_long", "holder"},
		{"a cart with a roll number", Holder{Kind: HeldInCart, Label: "Cart 2", Roll: 3}, "holder.roll", "roll"},
		{"a learner without a class", Holder{Kind: HeldByLearner, Label: "\t", Roll: 17}, "holder.learner", "holder"},
		{"a learner by name", Holder{Kind: HeldByLearner, Label: "Muhammad Ahmed Khan Afridi", Roll: 17}, "holder.learner", "holder"},
		{"a learner without a roll number", Holder{Kind: HeldByLearner, Label: "6-B"}, "holder.roll_missing", "roll"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := c.holder.Check(); c.code != "" {
				refused(t, err, c.code, c.field)
			} else if err != nil {
				t.Errorf("refused: %v", err)
			}
		})
	}
}

func TestModelCheck(t *testing.T) {
	most := strings.Repeat("ک", maxText)
	m := Model{Name: most, Manufacturer: most, Screen: most}
	if err := m.Check(); err != nil {
		t.Errorf("%d characters were refused: %v", maxText, err)
	}
	for _, c := range []struct {
		model       Model
		code, field string
	}{
		{Model{}, "model.name_missing", "model"},
		{Model{Name: " \u00a0"}, "model.name_missing", "model"},
		{Model{Name: most + "x"}, "model.text_long", "model"},
		{Model{Name: "A", Manufacturer: most + "x"}, "model.text_long", "manufacturer"},
		{Model{Name: "A", Screen: most + "x"}, "model.text_long", "screen"},
	} {
		refused(t, c.model.Check(), c.code, c.field)
	}
}
