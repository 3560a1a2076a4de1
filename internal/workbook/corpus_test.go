package workbook

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// realData is the folder of spreadsheets that people really made.
func realData(t *testing.T, parts ...string) string {
	t.Helper()
	root := os.Getenv("TAKHTI_REAL_DATA")
	if root == "" {
		t.Skip("TAKHTI_REAL_DATA is not set: it names the folder of real spreadsheets, which are not part of the project")
	}
	return filepath.Join(append([]string{root}, parts...)...)
}

func fileOf(t *testing.T, path string) File {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return memFile(filepath.Base(path), data)
}

func memFile(name string, data []byte) File {
	return File{Name: name, Data: bytes.NewReader(data), Size: int64(len(data))}
}

// readAll reads every sheet of a file.
func readAll(t *testing.T, f File) (rows int, err error) {
	t.Helper()
	b, err := open(f, Limits{}.withDefaults())
	if err != nil {
		return 0, err
	}
	defer b.close()
	for _, s := range b.sheets {
		for _, err := range s.rows(t.Context()) {
			if err != nil {
				return rows, err
			}
			rows++
		}
	}
	return rows, nil
}

// Every spreadsheet of other programs' own tests, the hostile and the broken
// ones too, is read whole or refused with a sentence.
func TestCorpusIsReadOrRefused(t *testing.T) {
	root := realData(t, "corpus")
	var read, refused int
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(root, path)
		rows, err := readAll(t, fileOf(t, path))
		var e *fleet.Error
		switch {
		case err == nil:
			read++
			t.Logf("%-70s %6d rows", name, rows)
		case errors.As(err, &e) && e.Code != "" && e.Message != "":
			refused++
			t.Logf("%-70s %s: %s", name, e.Code, e.Message)
		default:
			t.Errorf("%s: refused without a sentence: %v", name, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d read, %d refused", read, refused)
}
