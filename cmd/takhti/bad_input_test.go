package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

// badFiles are files that no import takes, and what is said of them by the command
// and by the server. Those with a folder are real ones.
var badFiles = []struct {
	file, code, says string
	content          string // of files without a folder
}{
	{"calamine/tests__date.xls", "file.xls", "save it as .xlsx", ""},
	{"calamine/tests__date.xlsb", "file.xlsb", "save it as .xlsx", ""},
	{"calamine/tests__date.ods", "file.ods", "save it as .xlsx", ""},
	{"calamine/tests__pass_protected.xlsx", "file.password", "remove the password", ""},
	{"calamine/tests__pass_protected.xlsb", "file.password", "remove the password", ""},
	{"excelize/test__encryptSHA1.xlsx", "file.password", "remove the password", ""},
	{"calamine/tests__vba.xlsm", "file.macros", "macros (.xlsm), which are not accepted", ""},
	{"exceljs/spec__integration__data__numbers.numbers", "file.numbers", "Export To > Excel", ""},
	{"calamine/tests__empty_sheet.xlsx", "file.empty", "no filled rows", ""},
	{"calamine/tests__temperature.xlsx", "header.not_found", `begins with row 1: "label", "value"`, ""},

	{"empty.xlsx", "file.empty", "no bytes at all", ""},
	{"blank.csv", "file.empty", "nothing but blanks", " \n\n"},
	{"printed.csv", "file.pdf", "the workbook that it was printed from", "%PDF-1.7"},
	{"page.xls", "file.web_page", "web page", "<html><table><tr><td>Serial</td></tr></table></html>"},
}

// badCells are lists with one wrong cell, and what is said of it.
var badCells = []struct{ what, list, says string }{
	{"a school that is not there", "Serial Number,School EMIS\nNB0001,37330253\n", "school.unknown: there is no school with EMIS code 37330253; is it 37330250 GGHS Dhoke Kala Khan"},
	{"a district that is not there", "Serial Number,District\nNB0001,Rawalpidi\n", `district.unknown: there is no district "Rawalpidi"; is it Rawalpindi?`},
	{"a serial that became a number", "Serial Number\n1.23E+11\n", "serial.scientific: "},
	{"the same serial twice", "Serial Number\nNB0001\nnb0001\n", "serial.twice: serial NB0001 is in the file twice, in list!2 and in list!3"},
	{"a device that is elsewhere", "Serial Number\nCB0001\n", "serial.taken: device CB0001 is already in the register, on shipment S-1, at GGHS Dhoke Kala Khan"},
	{"a day that is not", "Serial Number,Warranty End\nNB0001,31/02/2028\n", "date.impossible: "},
}

// Whatever somebody sends, they are told what is wrong, by the command and by the
// server alike, and the devices stay as they were.
func TestBadInputGetsASentence(t *testing.T) {
	dir := t.TempDir()
	data, served := filepath.Join(dir, "d"), filepath.Join(dir, "served")
	mustRun(t, "seed", data)
	mustRun(t, "seed", served)
	c := serveChild(t, served, adminToken(t, served))
	for _, f := range badFiles {
		path := badFile(t, dir, f.file, f.content)
		if path == "" {
			continue
		}
		if out := refusedImport(t, data, path); !strings.Contains(out, f.says) {
			t.Errorf("takhti import of %s says %s", f.file, out)
		}
		_, err := c.client.UploadImport(t.Context(), uploadFile(t, path))
		var answer *takhti.Error
		if !errors.As(err, &answer) || answer.Code != f.code || !strings.Contains(answer.Detail, f.says) {
			t.Errorf("the server says of %s: %v", f.file, err)
		}
	}
	for _, cell := range badCells {
		path := badFile(t, dir, "list.csv", cell.list)
		_, says, _ := strings.Cut(cell.says, ": ")
		if out := refusedImport(t, data, path); !strings.Contains(out, says) || !strings.HasPrefix(out, "list!") {
			t.Errorf("%s: takhti import says %s", cell.what, out)
		}
		plan, err := c.client.UploadImport(t.Context(), uploadFile(t, path))
		if err != nil || len(plan.Problems) != 1 {
			t.Errorf("%s: the server finds %v, %v", cell.what, plan.Problems, err)
			continue
		}
		if p := plan.Problems[0]; !strings.HasPrefix(p.Code+": "+p.Message, cell.says) {
			t.Errorf("%s: the server says %s: %s", cell.what, p.Code, p.Message)
		}
	}
	c.stop()
	for _, d := range []string{data, served} {
		if n := devices(t, d); n != 12 {
			t.Errorf("there are %d devices, want the 12 from before", n)
		}
	}
}

// badFile is where the file is; empty when there are no real files here.
func badFile(t *testing.T, dir, name, content string) string {
	t.Helper()
	if strings.Contains(name, "/") {
		corpus := os.Getenv("TAKHTI_REAL_DATA")
		if corpus == "" {
			t.Logf("%s is not tried: TAKHTI_REAL_DATA does not say where the real files are", name)
			return ""
		}
		return filepath.Join(corpus, "corpus", name)
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// refusedImport is what the command says of a list that it must refuse.
func refusedImport(t *testing.T, data, path string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program(), "import", "shipment", path, "--shipment", "S-2", "--to", "PK603-STORE", "--data", data)
	var out bytes.Buffer
	cmd.Stderr = &out
	var exit *exec.ExitError
	if err := cmd.Run(); !errors.As(err, &exit) || exit.ExitCode() != exitRefused || strings.Contains(out.String(), "panic") {
		return fmt.Sprintf("%v: %s", err, out.String())
	}
	return out.String()
}

func uploadFile(t *testing.T, path string) takhti.Upload {
	t.Helper()
	return takhti.Upload{
		Kind: takhti.ImportShipment, FileName: filepath.Base(path), File: bytes.NewReader(readFile(t, path)), Shipment: "S-2", To: "PK603-STORE",
	}
}
