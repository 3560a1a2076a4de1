package browser

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// site is a running register of a made-up country.
type site struct {
	url    string
	signIn map[string]account // by role
	known  map[string]string  // what tests looked up, by what it is
}

// account is what somebody signs in with; a school also has an EMIS code and a PIN.
type account struct{ User, Password, Token, EMIS, PIN string }

// build builds the program into a folder.
func build(dir string) error {
	cmd := exec.Command("go", "build", "-tags", "nomsgpack", "-o", filepath.Join(dir, "takhti"), "./cmd/takhti")
	cmd.Dir = filepath.Join("..", "..")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

// serve has the program in a folder serve a demo of so many devices and schools until
// it is stopped. Its log goes to stderr.
func serve(dir, devices, schools string, log io.Writer) (s *site, stop func(), err error) {
	address, err := freeAddress()
	if err != nil {
		return nil, nil, err
	}
	data := filepath.Join(dir, "demo-"+devices)
	run := exec.Command(filepath.Join(dir, "takhti"), "demo", "--data", data, "--addr", address, "--devices", devices, "--schools", schools, "--json")
	run.Stderr = log
	out, err := run.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := run.Start(); err != nil {
		return nil, nil, err
	}
	stop = func() {
		_ = run.Process.Signal(os.Interrupt)
		_ = run.Wait()
	}
	s, err = ready(out, address)
	if err != nil {
		stop()
	}
	return s, stop, err
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// ready reads who may sign in and waits until pages are served.
func ready(out interface{ Read([]byte) (int, error) }, address string) (*site, error) {
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		return nil, fmt.Errorf("the demo says nothing: %w", err)
	}
	var said struct {
		URL    string `json:"url"`
		SignIn []struct {
			Role string `json:"role"`
			account
		} `json:"sign_in"`
	}
	if err := json.Unmarshal(line, &said); err != nil {
		return nil, err
	}
	s := &site{url: said.URL, signIn: map[string]account{}, known: map[string]string{}}
	for _, a := range said.SignIn {
		s.signIn[a.Role] = a.account
	}
	return s, answers(address)
}

// answers waits until somebody does at the address.
func answers(address string) error {
	for range 300 {
		if c, err := net.Dial("tcp", address); err == nil {
			return c.Close()
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("nobody answers at %s", address)
}

var (
	demo   *site
	folder string // with the program, and the data of its demos
)

func TestMain(m *testing.M) { os.Exit(runTests(m)) }

func runTests(m *testing.M) int {
	var err error
	stop := func() {}
	if folder, err = os.MkdirTemp("", "takhti-browser-*"); err == nil {
		defer os.RemoveAll(folder)
		if err = build(folder); err == nil {
			demo, stop, err = serve(folder, "400", "60", os.Stderr)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "the program to test cannot be started:", err)
		return 1
	}
	defer stop()
	return m.Run()
}

// chromium is the browser, wherever it is installed.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("there is no Chromium: install Debian's package chromium")
	return ""
}

// page is a tab of a browser in which somebody has signed in.
type page struct {
	t    *testing.T
	ctx  context.Context
	base string   // the address of the site
	lets []string // what the console may complain of
}

// patience is how long a page may take on a machine that does much else.
const patience = 60 * time.Second

// open opens a tab of a width, with or without JavaScript, and signs in. What the
// console or the content policy complains of fails the test.
func open(t *testing.T, role string, width int64, scripts bool) *page {
	t.Helper()
	return openAt(t, demo.url, role, width, scripts)
}

// openAt is open, of a site at another address; the console may complain of some things.
func openAt(t *testing.T, base, role string, width int64, scripts bool, lets ...string) *page {
	t.Helper()
	p := newTab(t, base, width, scripts, lets...)
	p.signIn(demo.signIn[role])
	return p
}

// elsewhereName is a name of this computer that browsers do not take for safe without
// TLS, as they do its address.
const elsewhereName = "takhti.test"

// newTab is openAt without signing in.
func newTab(t *testing.T, base string, width int64, scripts bool, lets ...string) *page {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.Flag("disable-quic", true),
		chromedp.Flag("host-resolver-rules", "MAP "+elsewhereName+" 127.0.0.1"))
	alloc, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	const refused = "status of 422" // a form that could not be taken is answered so
	p := &page{t, ctx, base, append(lets, refused)}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900)); err != nil { // the browser lives as long as the context of the first call
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !scripts}); err != nil {
		t.Fatal(err)
	}
	go p.listen()
	return p
}

func (p *page) signIn(a account) {
	p.t.Helper()
	p.get("/sign-in")
	p.fill("name", a.User)
	p.fill("password", a.Password)
	p.press("Sign in")
	p.see(a.User)
}

// listen fails the test by what the console says.
func (p *page) listen() {
	for m, err := range chromedp.Console(p.ctx) {
		if err != nil {
			return // the tab is closed
		}
		fits := func(text string) bool { return strings.Contains(m.Text, text) }
		if m.Type == chromedp.ConsoleError && !slices.ContainsFunc(p.lets, fits) || m.Type == chromedp.ConsoleException {
			p.t.Errorf("the console says: %s", m.Text)
		}
	}
}

// do runs actions, which must succeed in good time.
func (p *page) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.t.Fatalf("%v\n%s", err, p.text())
	}
}

func (p *page) get(path string) { p.t.Helper(); p.do(chromedp.Navigate(p.base + path)) }

// at is the path of the page.
func (p *page) at() string {
	p.t.Helper()
	address, err := chromedp.Run(p.ctx, chromedp.Location())
	if err != nil {
		p.t.Fatal(err)
	}
	return strings.TrimPrefix(address, p.base)
}

// text is what can be read on the page.
func (p *page) text() string {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("body")))
	if err != nil {
		return err.Error()
	}
	return strings.Join(strings.Fields(text), " ")
}

// see waits until a text can be read on the page.
func (p *page) see(want string) {
	p.t.Helper()
	text := ""
	for began := time.Now(); time.Since(began) < patience; time.Sleep(50 * time.Millisecond) {
		if text = p.text(); strings.Contains(text, want) {
			return
		}
	}
	p.t.Fatalf("%q cannot be read on\n%s", want, text)
}

func named(field string) chromedp.CSS { return chromedp.CSS(fmt.Sprintf(`[name=%q]`, field)) }

// fill types into an empty field.
func (p *page) fill(field, text string) {
	p.t.Helper()
	p.do(chromedp.SendKeys(named(field), text))
}

// choose picks a value of a list.
func (p *page) choose(field, value string) {
	p.t.Helper()
	p.do(chromedp.SetValue(named(field), value))
}

// attach puts a file of the given lines into the form.
func (p *page) attach(field, name string, lines ...string) {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.do(chromedp.SetUploadFiles(named(field), []string{path}))
}

// press clicks the button, or follows the link, with the text, and waits for the page
// to which that leads.
func (p *page) press(text string) {
	p.t.Helper()
	path := fmt.Sprintf(`(//main|//body)//*[self::button or self::a][normalize-space(.)=%q]`, text)
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(path)); err != nil {
		p.t.Fatalf("pressing %q: %v\n%s", text, err, p.text())
	}
	p.fits()
}

// link is where the link with the text leads.
func (p *page) link(text string) string {
	p.t.Helper()
	address, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](fmt.Sprintf(`[...document.links].find(a => a.textContent === %q).href`, text)))
	if err != nil {
		p.t.Fatal(err)
	}
	return address
}

// picture takes a picture of the whole page for the manual, where TAKHTI_PICTURES
// names the folder for it.
func (p *page) picture(name string) {
	p.t.Helper()
	dir := os.Getenv("TAKHTI_PICTURES")
	if dir == "" {
		return
	}
	const lossless = 100
	data, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(lossless))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name), data, 0o644)
	}
	if err != nil {
		p.t.Error(err)
	}
}

// fits fails the test when the page is wider than the screen.
func (p *page) fits() {
	p.t.Helper()
	wide, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > document.documentElement.clientWidth`))
	if err != nil {
		p.t.Fatal(err)
	}
	if wide {
		p.t.Errorf("the page is wider than the screen:\n%s", p.text())
	}
}
