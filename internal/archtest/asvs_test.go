package archtest

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// asked are the requirements of ASVS 5.0.0 that docs/asvs.md has to answer, by
// section: those of levels 1 and 2, which come first in all sections but few, and of
// level 3 those of chapters 5 and 16 and of sections 8.2 to 8.4.
var asked = map[string]int{
	"1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
	"2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
	"3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
	"4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
	"5.1": 1, "5.2": 6, "5.3": 3, "5.4": 3,
	"6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
	"7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
	"8.1": 2, "8.2": 4, "8.3": 3, "8.4": 2,
	"9.1": 3, "9.2": 4,
	"10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
	"11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
	"12.1": 3, "12.2": 2, "12.3": 4,
	"13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
	"14.1": 2, "14.2": 4, "14.3": 3,
	"15.1": 3, "15.2": 3, "15.3": 7,
	"16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 4,
}

var (
	asvsRow = regexp.MustCompile(`^\| ([0-9.]+)(?:–([0-9.]+))? \| ([^|]+) \| ([^|]+) \|([^|]*)\|([^|]*)\|$`)
	named   = regexp.MustCompile("`([^`]+)`")
)

var asvsAnswers = []string{"met", "partly", "not met", "not relevant", "operator"}

// Every requirement is answered once, and what the answer names is there.
func TestTheSecurityMappingIsTrue(t *testing.T) {
	root := os.DirFS("../..")
	text, err := fs.ReadFile(root, "docs/asvs.md")
	if err != nil {
		t.Fatal(err)
	}
	tests, given := testNames(t, root), map[string]int{}
	tally := map[string]int{}
	for n, line := range strings.Split(string(text), "\n") {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| no.") {
			continue
		}
		row := asvsRow.FindStringSubmatch(line)
		if row == nil {
			t.Errorf("docs/asvs.md:%d: not a row of six columns: %s", n+1, line)
			continue
		}
		answer, how, where := row[4], strings.TrimSpace(row[5]), row[6]
		for _, number := range numbers(row[1], row[2]) {
			given[number]++
			tally[answer]++
		}
		switch {
		case !slices.Contains(asvsAnswers, answer):
			t.Errorf("docs/asvs.md:%d: the answer %q is none of %q", n+1, answer, asvsAnswers)
		case answer != "met" && how == "":
			t.Errorf("docs/asvs.md:%d: %s is %s, and nothing says why", n+1, row[1], answer)
		case answer == "met" && how == "" && strings.TrimSpace(where) == "":
			t.Errorf("docs/asvs.md:%d: %s is met, and nothing says how", n+1, row[1])
		}
		for _, m := range named.FindAllStringSubmatch(where, -1) {
			if wrong := missing(root, tests, m[1]); wrong != "" {
				t.Errorf("docs/asvs.md:%d: %s", n+1, wrong)
			}
		}
	}
	for _, number := range wanted() {
		if given[number] != 1 {
			t.Errorf("docs/asvs.md answers %s %d times, want once", number, given[number])
		}
		delete(given, number)
	}
	for number := range given {
		t.Errorf("docs/asvs.md answers %s, which is not asked at these levels", number)
	}
	t.Logf("%v", tally)
}

func wanted() (all []string) {
	for section, count := range asked {
		for n := range count {
			all = append(all, fmt.Sprintf("%s.%d", section, n+1))
		}
	}
	return all
}

// numbers are those from the first to the last, of one section.
func numbers(first, last string) (all []string) {
	at := strings.LastIndex(first, ".")
	from, _ := strconv.Atoi(first[at+1:])
	to := from
	if last != "" {
		to, _ = strconv.Atoi(last[strings.LastIndex(last, ".")+1:])
	}
	for n := from; n <= to; n++ {
		all = append(all, fmt.Sprintf("%s.%d", first[:at], n))
	}
	return all
}

// missing says what a name in the mapping stands for that is not there.
func missing(root fs.FS, tests map[string]bool, name string) string {
	if strings.HasPrefix(name, "Test") {
		if !tests[name] {
			return "there is no test " + name
		}
		return ""
	}
	if _, err := fs.Stat(root, name); err != nil {
		return "there is no file " + name
	}
	return ""
}

// testNames are the tests of all modules in the tree.
func testNames(t *testing.T, root fs.FS) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path.Base(name), "_test.go") {
			return err
		}
		text, err := fs.ReadFile(root, name)
		for _, m := range declared.FindAllSubmatch(text, -1) {
			found[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
