package main

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

func ask(t *testing.T, body io.Reader, h http.HandlerFunc) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://register/api?x=1", body)
	if err != nil {
		t.Fatal(err)
	}
	res, err := (&http.Client{Transport: inProcess{h}}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

func TestARequestInProcessIsAnsweredAsOverTheNetwork(t *testing.T) {
	res := ask(t, strings.NewReader("question"), func(w http.ResponseWriter, r *http.Request) {
		said, _ := io.ReadAll(r.Body)
		w.Header().Set("ETag", `"7"`)
		w.WriteHeader(http.StatusTeapot)
		w.Header().Set("ETag", `"too late"`)
		_, _ = io.WriteString(w, r.RequestURI+" "+string(said))
	})
	got, err := io.ReadAll(res.Body)
	if err != nil || string(got) != "/api?x=1 question" {
		t.Errorf("read %q, %v", got, err)
	}
	if res.StatusCode != http.StatusTeapot || res.Header.Get("ETag") != `"7"` {
		t.Errorf("status %d, ETag %s", res.StatusCode, res.Header.Get("ETag"))
	}
}

func TestAnEmptyAnswerIsASuccess(t *testing.T) {
	res := ask(t, nil, func(http.ResponseWriter, *http.Request) {})
	if got, err := io.ReadAll(res.Body); res.StatusCode != http.StatusOK || len(got) > 0 || err != nil {
		t.Errorf("status %d, body %q, %v", res.StatusCode, got, err)
	}
}

func TestAnAnswerIsReadWhileItIsWritten(t *testing.T) {
	heard := make(chan struct{})
	res := ask(t, nil, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "first")
		<-heard
		_, _ = io.WriteString(w, " second")
	})
	first := make([]byte, 5)
	if _, err := io.ReadFull(res.Body, first); err != nil || string(first) != "first" {
		t.Fatalf("read %q, %v", first, err)
	}
	close(heard)
	if rest, err := io.ReadAll(res.Body); err != nil || string(rest) != " second" {
		t.Errorf("read %q, %v", rest, err)
	}
}

func TestAHandlerThatPanicsCutsItsAnswerOff(t *testing.T) {
	res := ask(t, nil, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		panic("no")
	})
	if got, err := io.ReadAll(res.Body); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("read %q, %v, want it cut off", got, err)
	}
}

func TestAReaderWhoLeavesEndsTheAnswer(t *testing.T) {
	failed := make(chan error)
	res := ask(t, nil, func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write([]byte("more")); err != nil {
				failed <- err
				return
			}
		}
	})
	_ = res.Body.Close()
	if err := <-failed; !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the handler got %v", err)
	}
}
