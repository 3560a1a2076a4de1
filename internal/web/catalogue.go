package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

//go:embed locales/*.json
var locales embed.FS

// catalogue is every text of one language, by its key: the screen's name, a dot,
// and the text's own name.
type catalogue struct {
	lang  string // as HTML names it
	dir   string // ltr or rtl
	texts map[string]string
}

// directions are those of the languages that have a catalogue.
var directions = map[string]string{"en": "ltr"}

// loadCatalogue reads the catalogue of a language from its embedded file.
func loadCatalogue(lang string) *catalogue {
	data, err := locales.ReadFile("locales/" + lang + ".json")
	if err != nil {
		panic(err) // embedded with the program
	}
	var screens map[string]map[string]string
	if err := json.Unmarshal(data, &screens); err != nil {
		panic(fmt.Sprintf("locales/%s.json: %v", lang, err))
	}
	c := &catalogue{lang: lang, dir: directions[lang], texts: map[string]string{}}
	for screen, texts := range screens {
		for name, text := range texts {
			c.texts[screen+"."+name] = text
		}
	}
	return c
}

// say is the text with its slots filled: say("home.open", "n", 3). Numbers get
// their separators. Of a text with two forms, one|other, the number in the slot n
// chooses.
func (c *catalogue) say(key string, slots ...any) string {
	text, ok := c.texts[key]
	if !ok {
		return key
	}
	text = c.form(text, slots)
	for i := 0; i+1 < len(slots); i += 2 {
		text = strings.ReplaceAll(text, fmt.Sprintf("{%s}", slots[i]), c.value(slots[i+1]))
	}
	return text
}

// form picks the form of the text that its number takes.
func (c *catalogue) form(text string, slots []any) string {
	one, other, two := strings.Cut(text, "|")
	if !two {
		return text
	}
	for i := 0; i+1 < len(slots); i += 2 {
		if n, ok := whole(slots[i+1]); ok && slots[i] == "n" && n == 1 {
			return one
		}
	}
	return other
}

func (c *catalogue) value(v any) string {
	if n, ok := whole(v); ok {
		return thousands(n)
	}
	return fmt.Sprint(v)
}

// whole is the number that v is, of the types that pages count in.
func whole(v any) (int64, bool) {
	switch n := v.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	case uint64:
		return int64(n), true
	case uint32:
		return int64(n), true
	}
	return 0, false
}

// thousands writes 1234567 as 1,234,567.
func thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	var b strings.Builder
	for i, d := range digits {
		if left := len(digits) - i; i > 0 && left%3 == 0 && digits[i-1] != '-' {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// word is the text for a name of a fixed vocabulary, such as a status.
func (c *catalogue) word(screen, name string, slots ...any) string {
	return c.say(screen+"."+name, slots...)
}

// known says whether the catalogue has the text.
func (c *catalogue) known(key string) bool {
	_, ok := c.texts[key]
	return ok
}

// plain is a component that is nothing but a text.
func plain(text string) templ.Component { return templ.Raw(templ.EscapeString(text)) }
