package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

// The server is killed again and again while a file is on its way in. What was made
// sure of is there after each start, and the file arrives whole.
func TestAFileArrivesThoughTheServerIsKilled(t *testing.T) {
	data := filepath.Join(t.TempDir(), "d")
	mustRun(t, "seed", data)
	token := adminToken(t, data)
	c := serveChild(t, data, token)
	front := newFront(t, c.url)
	client, err := takhti.New(front.url(), token)
	if err != nil {
		t.Fatal(err)
	}
	up := largeUpload("S-TUS", 3000)
	size := up.File.(*bytes.Reader).Size()
	var sent atomic.Int64
	up.Progress = func(arrived, _ int64) { sent.Store(arrived) }
	type answer struct {
		i   takhti.Import
		err error
	}
	answered := make(chan answer, 1)
	go func() {
		i, err := client.UploadImport(t.Context(), up)
		answered <- answer{i, err}
	}()
	const kills = 5
	for n := range kills {
		for part := size * int64(n+1) / (kills + 2); sent.Load() < part && len(answered) == 0; {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(rand.N(10 * time.Millisecond))
		t.Logf("killed with %d of %d bytes told", sent.Load(), size)
		c.kill()
		c = serveChild(t, data, token)
		front.to.Store(c.url)
	}
	a := <-answered
	sum := sha256.New()
	up.File.(*bytes.Reader).Seek(0, io.SeekStart)
	io.Copy(sum, up.File)
	if a.err != nil || a.i.SHA256 != hex.EncodeToString(sum.Sum(nil)) || a.i.Rows != 3000 || a.i.ID != "I-1" {
		t.Errorf("%+v, %v", a.i, a.err)
	}
	c.stop()
}

// largeUpload is a list with much that is blank in it: 12 MB.
func largeUpload(number string, rows int) takhti.Upload {
	up := uploadOf(number, rows)
	up.File.(*bytes.Buffer).WriteString(strings.Repeat(strings.Repeat(" ", 1000)+"\n", 12_000))
	up.File = bytes.NewReader(up.File.(*bytes.Buffer).Bytes())
	return up
}

// front is an address at which one server after the other answers.
type front struct {
	net.Listener
	to atomic.Value // the server's address
}

func newFront(t *testing.T, to string) *front {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	f := &front{Listener: l}
	f.to.Store(to)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go f.carry(conn)
		}
	}()
	return f
}

func (f *front) url() string { return "http://" + f.Addr().String() }

func (f *front) carry(from net.Conn) {
	defer from.Close()
	to, err := net.Dial("tcp", strings.TrimPrefix(f.to.Load().(string), "http://"))
	if err != nil {
		return
	}
	defer to.Close()
	go func() {
		_, _ = io.Copy(from, to)
		_ = from.Close()
	}()
	_, _ = io.Copy(to, from)
}

// On a full disk a file cannot go on, in words, and does go on once there is room.
func TestAnUploadGoesOnAfterAFullDisk(t *testing.T) {
	disk := smallDisk(t, "64m")
	data := filepath.Join(disk, "d")
	mustRun(t, "seed", data)
	token := adminToken(t, data)
	c := serveChild(t, data, token)
	filler := filepath.Join(disk, "filler")
	up := largeUpload("S-FULL", 3000)
	full := sync.OnceFunc(func() { fill(t, filler) })
	waits, least := 0, int64(1<<62)
	up.Progress = func(sent, _ int64) {
		if sent >= 3<<20 {
			full()
		}
		if waits > 0 {
			least = min(least, sent)
		}
	}
	client, err := takhti.New(c.url, token, takhti.WithSleep(func(context.Context, time.Duration) error {
		if waits++; waits == 1 {
			_, err := c.client.SendFile(t.Context(), "more.csv", strings.NewReader("a,b\n"), nil)
			wantFull(t, "another upload", err)
			return os.Remove(filler)
		}
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	if i, err := client.UploadImport(t.Context(), up); err != nil || i.Rows != 3000 || waits == 0 {
		t.Errorf("after %d waits: %+v, %v", waits, i, err)
	}
	if least < 3<<20 {
		t.Errorf("after the disk was full, %d bytes were left of what had arrived", least)
	}
	c.stop()
	mustRun(t, program(), "verify", "--data", data)
}
