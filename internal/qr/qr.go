// Package qr draws QR codes as SVG, for pages on the screen and on paper.
//
// It must not know what a code says: whether a link or a key may be shown is for
// the page that shows it. Nothing is kept, as what a code says may be a secret.
package qr

import (
	"fmt"
	"image/color"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

// quiet is how many modules around the code stay empty, without which phones do
// not find it.
const quiet = 4

// SVG draws the text as a QR code that a phone still reads when 15 % of it are
// smudged. The drawing has no size of its own: its style sheet gives it one. The
// label is what it is called for those who do not see it.
func SVG(text, label string) (string, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", fmt.Errorf("drawing a QR code: %w", err)
	}
	size := code.Bounds().Dx() + 2*quiet
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s" shape-rendering="crispEdges">`,
		size, size, escaper.Replace(label))
	fmt.Fprintf(&b, `<path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="%s"/></svg>`, size, size, darkRuns(code))
	return b.String(), nil
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&#34;")

// darkRuns is the path of all dark modules, one part for each run in a row.
func darkRuns(code barcode.Barcode) string {
	var b strings.Builder
	bounds := code.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			from := x
			for x < bounds.Max.X && code.At(x, y) == color.Black {
				x++
			}
			if x > from {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	return b.String()
}
