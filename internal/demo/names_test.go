package demo

import (
	"regexp"
	"slices"
	"testing"
)

var placeholder = regexp.MustCompile(`\{([^}]*)\}`)

func TestTheGrammarOfNamesIsComplete(t *testing.T) {
	g, err := loadGrammar()
	if err != nil {
		t.Fatal(err)
	}
	for kind, choices := range g {
		for _, c := range choices {
			en, ur := keys(c.en), keys(c.ur)
			if !slices.Equal(en, ur) {
				t.Errorf("%s: %q and %q are not made of the same parts", kind, c.en, c.ur)
			}
			for _, key := range en {
				if _, _, isSpan := span(key); !isSpan && key != "town" && g[key] == nil {
					t.Errorf("%s: nothing is said about {%s}", kind, key)
				}
			}
		}
	}
	country, err := loadCountry()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range country.Districts {
		if style := country.traits[d.Code].style; d.Population > 0 && g[style] == nil {
			t.Errorf("nothing is said about the style %q of %s", style, d.Name)
		}
	}
}

func keys(template string) []string {
	var out []string
	for _, m := range placeholder.FindAllStringSubmatch(template, -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return out
}
