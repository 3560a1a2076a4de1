package browser

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// line is a line to the site that breaks while pieces of files are sent.
type line struct {
	net.Listener
	to string

	mu      sync.Mutex
	breaks  int // how many more pieces break it, in their middle
	down    bool
	pieces  int   // that were begun
	carried int64 // bytes, all in all
}

func newLine(t *testing.T, breaks int) *line {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	n := &line{Listener: l, to: strings.TrimPrefix(demo.url, "http://"), breaks: breaks}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go n.carry(conn)
		}
	}()
	return n
}

func (n *line) url() string { return "http://" + n.Addr().String() }

// carry carries what the browser sends to the server, and its answers back.
func (n *line) carry(from net.Conn) {
	defer from.Close()
	to, err := net.Dial("tcp", n.to)
	if err != nil {
		return
	}
	defer to.Close()
	go func() {
		_, _ = io.Copy(from, to)
		_ = from.Close()
	}()
	p := make([]byte, 32<<10)
	for left := -1; left != 0; {
		size, err := from.Read(p)
		if err != nil || n.isDown() {
			return
		}
		if bytes.HasPrefix(p[:size], []byte("PATCH ")) && n.toBreak() {
			left = 400 << 10
		}
		if left > 0 {
			size = min(size, left)
			left -= size
		}
		if _, err := to.Write(p[:size]); err != nil {
			return
		}
		n.count(size)
	}
}

// toBreak says whether the piece that begins is to break the line.
func (n *line) toBreak() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.pieces++
	n.breaks--
	return n.breaks >= 0
}

func (n *line) isDown() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.down && n.pieces > 1
}

func (n *line) count(size int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.carried += int64(size)
}

// set cuts the line once a second piece begins, or mends it.
func (n *line) set(down bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.down = down
}

// total is how many bytes the browser has sent.
func (n *line) total() int64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.carried
}

// largeList is a file of some megabytes with a list of one device.
func largeList(t *testing.T, serial string) (path string, size int64) {
	t.Helper()
	text := fmt.Sprintf("Serial Number,Model\n%s,Takhti 11\n", serial) + strings.Repeat(strings.Repeat(" ", 1000)+"\n", 4000)
	path = filepath.Join(t.TempDir(), "large لاہور.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, int64(len(text))
}

// fillIn puts a file into the form for packing lists and sends it.
func (p *page) fillIn(shipment, file string) {
	p.t.Helper()
	p.get("/imports/new?kind=shipment")
	p.fill("shipment", shipment)
	p.do(chromedp.SetUploadFiles(named("file"), []string{file}))
	p.do(chromedp.Click(`//main//button[normalize-space(.)="Check the file"]`))
}

// A large file goes on by itself where the line broke off.
func TestALargeFileArrivesOverALineThatBreaks(t *testing.T) {
	l := newLine(t, 2)
	p := openAt(t, l.url(), "officer", 320, true, "net::ERR_", "status of 409")
	file, size := largeList(t, "HRZA000101")
	before := l.total()
	p.fillIn("HR-LARGE", file)
	p.see("One row in the file")
	p.see("large لاہور.csv")
	p.fits()
	if sent := l.total() - before; sent > size*3/2 {
		t.Errorf("%d bytes were sent of a file of %d", sent, size)
	}
	p.press("Import this row")
	p.see("one row imported")
}

// Whoever loads the page again, and chooses the same file, goes on where the line broke off.
func TestALargeFileGoesOnAfterThePageWasClosed(t *testing.T) {
	l := newLine(t, 0)
	p := openAt(t, l.url(), "officer", 320, true, "net::ERR_", "status of 409")
	file, size := largeList(t, "HRZA000102")
	before := l.total()
	l.set(true)
	p.fillIn("HR-CLOSED", file)
	p.see("The line broke off with")
	p.fits()
	l.set(false)
	p.fillIn("HR-CLOSED", file)
	p.see("One row in the file")
	if sent := l.total() - before; sent > size+512<<10 { // the first piece is 1 MB
		t.Errorf("%d bytes were sent of a file of %d", sent, size)
	}
}

// Without JavaScript the form itself carries the file.
func TestALargeFileArrivesWithTheFormAlone(t *testing.T) {
	p := open(t, "officer", 320, false)
	file, _ := largeList(t, "HRZA000103")
	p.fillIn("HR-PLAIN", file)
	p.see("One row in the file")
	shown, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](`document.querySelector("progress") !== null`))
	if err != nil || shown {
		t.Errorf("%t, %v", shown, err)
	}
}
