package workbook

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// readText reads a text file's rows as "number:cell|cell".
func readText(t testing.TB, data []byte) (rows []string, notes []string) {
	t.Helper()
	b, err := open(t.Context(), memFile("a.csv", data), Limits{}.withDefaults())
	if err != nil {
		t.Fatal(err)
	}
	for r, err := range b.tabs[0].rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, fmt.Sprintf("%d:%s", r.number, strings.Join(r.cells, "|")))
	}
	return rows, b.notes
}

func TestTextFilesAreReadAsExcelReadsThem(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want string
	}{
		"commas":                      {"a,b\n1,2\n", "1:a|b 2:1|2"},
		"semicolons":                  {"a;b\n1,5;2\n3,5;4\n", "1:a|b 2:1,5|2 3:3,5|4"},
		"tabs":                        {"a\tb\n1,2\t3\n", "1:a|b 2:1,2|3"},
		"a byte order mark":           {"\uFEFFa,b\n1,2", "1:a|b 2:1|2"},
		"CR and LF":                   {"a,b\r\n1,2\r\n", "1:a|b 2:1|2"},
		"CR alone, as of old Macs":    {"a,b\r1,2\r3,4", "1:a|b 2:1|2 3:3|4"},
		"blank lines keep their rows": {"a,b\n\n,\n1,2\n", "1:a|b 4:1|2"},
		"quotes":                      {"a,b\n\"x,y\",\"say \"\"hi\"\"\"\n", `1:a|b 2:x,y|say "hi"`},
		"a line end in quotes":        {"a,b\n\"x\ny\",1\n2,3\n", "1:a|b 2:x\ny|1 3:2|3"},
		"a quote inside a text":       {"a,b\n11\" screen,1\n", `1:a|b 2:11" screen|1`},
		"empty cells at the end":      {"a,b,,\n1,,,\n", "1:a|b 2:1"},
		"one column":                  {"a\n1\n2\n", "1:a 2:1 3:2"},
		"nothing behind a comma":      {"a,b\n1,", "1:a|b 2:1"},
	} {
		got, _ := readText(t, []byte(c.text))
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: got %q, want %q", name, s, c.want)
		}
	}
}

func TestAQuoteThatNeverEndsIsRefused(t *testing.T) {
	wantRefused(t, "a.csv", []byte("a,b\n1,2\n\"x,3\n4,5\n"), "file.damaged", "begins in row 3 never ends")
}

func TestTextFilesInManyEncodings(t *testing.T) {
	const urdu = "سیریل,نام\nTK-1,گورنمنٹ اسکول\n"
	const latin = "Serial,Name\nTK-1,Café Müller\n"
	encode := func(s string, e interface{ Bytes([]byte) ([]byte, error) }) []byte {
		b, err := e.Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for name, c := range map[string]struct {
		data []byte
		want string
		note string
	}{
		"UTF-8":                          {[]byte(urdu), urdu, ""},
		"UTF-16 of Excel":                {encode(urdu, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()), urdu, ""},
		"UTF-16, big end first":          {encode(urdu, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder()), urdu, ""},
		"UTF-16 without a mark, in Urdu": {encode(urdu, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder()), urdu, ""},
		"UTF-16 without a mark, in Urdu, big end first": {encode(urdu, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder()), urdu, ""},
		"UTF-16 without a mark":                         {encode(latin, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder()), latin, ""},
		"Windows-1252":                                  {encode(latin, charmap.Windows1252.NewEncoder()), latin, "read as Windows-1252, comma"},
		"Windows-1256":                                  {encode("Serial,Name\nTK-1,گورنمنٹ سکول\n", charmap.Windows1256.NewEncoder()), "Serial,Name\nTK-1,گورنمنٹ سکول\n", "read as Windows-1256, comma"},
	} {
		rows, notes := readText(t, c.data)
		want, _ := readText(t, []byte(c.want))
		if fmt.Sprint(rows) != fmt.Sprint(want) {
			t.Errorf("%s: got %q, want %q", name, rows, want)
		}
		if c.note == "" && len(notes) > 0 || c.note != "" && !strings.Contains(fmt.Sprint(notes), c.note) {
			t.Errorf("%s: notes %q", name, notes)
		}
	}
}
