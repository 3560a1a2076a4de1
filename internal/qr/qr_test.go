package qr

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// modules reads the drawing back: which of its squares are dark.
func modules(t *testing.T, svg string) [][]bool {
	t.Helper()
	var drawing struct {
		ViewBox string `xml:"viewBox,attr"`
		Label   string `xml:"aria-label,attr"`
		Paths   []struct {
			D string `xml:"d,attr"`
		} `xml:"path"`
	}
	if err := xml.Unmarshal([]byte(svg), &drawing); err != nil || len(drawing.Paths) != 2 {
		t.Fatalf("%v in %s", err, svg)
	}
	var size, again int
	if _, err := fmt.Sscanf(drawing.ViewBox, "0 0 %d %d", &size, &again); err != nil || size != again {
		t.Fatalf("its size is %q: %v", drawing.ViewBox, err)
	}
	dark := make([][]bool, size)
	for y := range dark {
		dark[y] = make([]bool, size)
	}
	for _, run := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(drawing.Paths[1].D, -1) {
		x, _ := strconv.Atoi(run[1])
		y, _ := strconv.Atoi(run[2])
		n, _ := strconv.Atoi(run[3])
		for i := range n {
			dark[y][x+i] = true
		}
	}
	return dark
}

func TestTheDrawingIsAQRCode(t *testing.T) {
	for _, text := range []string{"x", "otpauth://totp/Takhti:amna?secret=JBSWY3DPEHPK3PXP&issuer=Takhti", strings.Repeat("اردو ", 40)} {
		svg, err := SVG(text, `A "code" <for> amna`)
		if err != nil {
			t.Fatal(err)
		}
		dark := modules(t, svg)
		n := len(dark) - 2*quiet
		if n < 21 || (n-21)%4 != 0 {
			t.Fatalf("%d modules are no QR code", n)
		}
		for y := range dark {
			for x := range dark {
				if edge := min(x, y, len(dark)-1-x, len(dark)-1-y); edge < quiet && dark[y][x] {
					t.Fatalf("the quiet zone is dark at %d, %d", x, y)
				}
			}
		}
		for _, corner := range [][2]int{{quiet, quiet}, {quiet + n - 7, quiet}, {quiet, quiet + n - 7}} {
			finder(t, dark, corner[0], corner[1])
		}
	}
}

// finder demands one of the three squares by which a code is found.
func finder(t *testing.T, dark [][]bool, x0, y0 int) {
	t.Helper()
	for y := range 7 {
		for x := range 7 {
			ring := max(max(x, 6-x), max(y, 6-y)) - 3
			if want := ring != 2; dark[y0+y][x0+x] != want {
				t.Fatalf("no finder at %d, %d", x0, y0)
			}
		}
	}
}

func TestWhatDoesNotFitIsAnError(t *testing.T) {
	if svg, err := SVG(strings.Repeat("long ", 1000), ""); err == nil {
		t.Errorf("drawn as %d bytes", len(svg))
	}
}
