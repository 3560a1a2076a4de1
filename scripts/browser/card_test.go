package browser

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// A manager prints the cards of the province's schools. A phone that is held over one of them
// opens the address, and is signed in as the school with one press.
func TestAPrintedCardSignsAPhoneIn(t *testing.T) {
	office := open(t, "manager", 1280, true)
	office.get("/places/PK6/cards")
	office.press("Make and print new cards")
	office.see("They are shown only now")
	office.picture("cards.png")
	office.paper("cards.pdf")
	code := office.scan(".pass .qr")
	path, ours := strings.CutPrefix(code, strings.ToUpper(demo.url))
	if !ours {
		t.Fatalf("the code leads to %s", code)
	}

	phone := newTab(t, demo.url, 360, false)
	phone.get(path)
	phone.see("Sign this phone in for")
	phone.fits()
	phone.picture("card-phone.png")
	phone.get("/devices") // to look has signed nobody in
	phone.see("User name or EMIS code")
	phone.get(path)
	phone.press("Sign this phone in")
	phone.get("/account/school")
	phone.see("This phone was signed in with the school's card.")
	phone.fits()
	phone.picture("card-account.png")
}

// A school signs in by EMIS code and PIN on the narrowest of phones.
func TestASchoolSignsInByPIN(t *testing.T) {
	school := demo.signIn["school"]
	p := newTab(t, demo.url, 320, false)
	p.get("/sign-in")
	p.fill("name", school.EMIS)
	p.fill("password", "000000")
	p.press("Sign in")
	p.see("Province of the EMIS code")
	p.picture("sign-in-province.png")
	p.get("/sign-in")
	p.fill("name", school.EMIS)
	p.fill("password", school.PIN)
	p.press("Sign in")
	p.get("/account/school")
	p.see("Hand over to a new head teacher")
	p.fits()
	p.picture("school-account.png")
}

// scan reads the QR code that is drawn at the selector, as the camera of a phone
// sees it.
func (p *page) scan(selector string) string {
	p.t.Helper()
	data, err := chromedp.Run(p.ctx, chromedp.ScreenshotScale(chromedp.CSS(selector), 3))
	if err != nil {
		p.t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		p.t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		p.t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil { // this reader finds the corners of one drawing in forty a little beside where they are
		result, err = qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_PURE_BARCODE: true})
	}
	if err != nil {
		p.t.Fatalf("the code cannot be read: %v", err)
	}
	return result.GetText()
}

// paper prints the page on A4, and fails the test unless there are as many sheets as
// the page lays out.
func (p *page) paper(name string) {
	p.t.Helper()
	sheets, err := chromedp.Run(p.ctx, chromedp.Evaluate[int](`document.querySelectorAll(".sheet").length`))
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		p.t.Fatal(err)
	}
	p.do(chromedp.EmulateViewport(718, 1047)) // A4 within its margins
	p.picture("print.png")
	cut, err := chromedp.Run(p.ctx, chromedp.Evaluate[int](`[...document.querySelectorAll(".pass")].filter(c => c.scrollHeight > c.clientHeight || c.scrollWidth > c.clientWidth).length`))
	if err != nil || cut > 0 {
		p.t.Errorf("%d cards have no room for all that stands on them: %v", cut, err)
	}
	yes := true
	printed, err := chromedp.Call(p.ctx, cdppage.PrintToPDF, cdppage.PrintToPDFParams{PreferCSSPageSize: &yes, PrintBackground: &yes})
	if err != nil {
		p.t.Fatal(err)
	}
	if got := bytes.Count(printed.Data, []byte("/Type /Page\n")); got != sheets {
		p.t.Errorf("%d sheets are printed on %d pages", sheets, got)
	}
	if sheets < 2 {
		p.t.Errorf("%d sheets do not show that pages break between them", sheets)
	}
	if dir := os.Getenv("TAKHTI_PICTURES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), printed.Data, 0o644); err != nil {
			p.t.Error(err)
		}
	}
}
