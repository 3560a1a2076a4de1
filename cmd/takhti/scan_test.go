package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
)

func TestWhatAVirusScannerSays(t *testing.T) {
	if scanner(" ") != nil {
		t.Error("without a command there is a scanner")
	}
	file := filepath.Join(t.TempDir(), "list.xlsx")
	for content, want := range map[string]string{"clean": "", "EICAR": "file.infected"} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		wantScan(t, scanner("./testdata/scanner --quiet")(t.Context(), file), want)
	}
	wantScan(t, scanner("./testdata/scanner --broken")(t.Context(), file), "file.scan")
	wantScan(t, scanner("./testdata/nothing")(t.Context(), file), "file.scan")
}

func wantScan(t *testing.T, err error, code string) {
	t.Helper()
	var known *fleet.Error
	switch {
	case code == "" && err != nil:
		t.Errorf("got %v", err)
	case code != "" && (!errors.As(err, &known) || known.Code != code):
		t.Errorf("got %v, want %s", err, code)
	}
}
