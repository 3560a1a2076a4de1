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
		{"a room with an ID", Holder{Kind: HeldInRoom, Label: "Lab", Mark: "x"}, "holder.id", "learner_id"},
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

// The mark of an ID is the same however it is typed, another under another key, and
// tells nothing of the ID.
func TestLearnerMarks(t *testing.T) {
	mark := func(key, id string) LearnerMark {
		m, err := MarkLearner([]byte(key), id)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	one := mark("key", "35202-1234567-1")
	for _, same := range []string{"3520212345671", " 35202 1234567 1", "۳۵۲۰۲-۱۲۳۴۵۶۷-۱"} {
		if mark("key", same) != one {
			t.Errorf("%q has another mark", same)
		}
	}
	if mark("key", "gr-77") != mark("key", "GR77 ") {
		t.Error("case makes a difference")
	}
	if mark("other", "3520212345671") == one || mark("key", "3520212345672") == one {
		t.Error("another key or another ID has the same mark")
	}
	if len(one) != 16 || strings.Contains(string(one), "35202") {
		t.Errorf("the mark is %q", one)
	}
	for _, bad := range []string{"", "12", "- - -", "احمد خان", strings.Repeat("7", 41)} {
		if _, err := MarkLearner([]byte("key"), bad); KindOf(err) != Invalid {
			t.Errorf("%q: %v", bad, err)
		}
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
