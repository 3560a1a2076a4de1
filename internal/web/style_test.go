package web

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
)

var cssToken = regexp.MustCompile(`--([a-z0-9-]+): #([0-9a-f]{3,6})`)

// Whoever does not see well reads every text: its colour and what lies behind it
// differ as much as WCAG asks for at level AA, in the light and in the dark.
func TestTextsStandOutFromTheirGround(t *testing.T) {
	f := loadFiles()
	light, dark, ok := strings.Cut(string(f.contents[f.at("takhti.css")]), "prefers-color-scheme: dark")
	if !ok {
		t.Fatal("there are no colours for the dark")
	}
	colours := map[string][3]float64{}
	for _, scheme := range []struct{ name, css string }{{"light", light}, {"dark", dark}} {
		for _, m := range cssToken.FindAllStringSubmatch(scheme.css, -1) {
			colours[m[1]] = colour(t, m[2])
		}
		for _, pair := range []struct {
			text    string
			grounds []string
		}{
			{"ink", []string{"bg", "card", "tint", "good"}},
			{"soft", []string{"bg", "card", "tint"}},
			{"act", []string{"bg", "card", "tint", "good"}},
			{"bad", []string{"card", "bad-bg"}},
			{"on", []string{"act"}},
		} {
			for _, ground := range pair.grounds {
				if c := contrast(colours[pair.text], colours[ground]); c < 4.5 {
					t.Errorf("%s: %s on %s has a contrast of %.2f, less than 4.5", scheme.name, pair.text, ground, c)
				}
			}
		}
	}
}

// colour reads six digits, or three that stand for them, as linear light.
func colour(t *testing.T, hex string) (rgb [3]float64) {
	t.Helper()
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	for i := range rgb {
		var n int
		if _, err := fmt.Sscanf(hex[2*i:2*i+2], "%02x", &n); err != nil {
			t.Fatalf("%s is no colour: %v", hex, err)
		}
		rgb[i] = float64(n) / 255
		if rgb[i] <= 0.04045 {
			rgb[i] /= 12.92
		} else {
			rgb[i] = math.Pow((rgb[i]+0.055)/1.055, 2.4)
		}
	}
	return rgb
}

func contrast(a, b [3]float64) float64 {
	light := func(c [3]float64) float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] + 0.05 }
	return max(light(a), light(b)) / min(light(a), light(b))
}
