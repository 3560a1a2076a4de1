// Command mutants takes checks of who may do what out of the program, one at a time,
// and demands that the matrix of internal/authz finds each. Run it by
// scripts/authz-mutants.
//
// Two things are taken away: the checks in the source, which are calls of functions
// known by name, so that a new check is a new mutant; and what each route is declared
// to need. All mutants are in one program, built over the source with go test
// -overlay, and TAKHTI_MUTANT says which of them is alive.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// mutant is a check that can be taken out, or another need of a route.
type mutant struct {
	alive string // what TAKHTI_MUTANT holds to bring it to life
	at    string // where it is, for people
	what  string // what is taken out

	recipes []string // of the matrix, that come to it
	other   *other   // who finds it instead of the matrix; nil: the matrix does
}

func main() {
	every := flag.Int("every", 1, "try only each so many-th mutant")
	from := flag.Int("from", 0, "begin with the mutant of this number")
	match := flag.String("match", "", "try only mutants whose line holds the text")
	list := flag.Bool("list", false, "only list the mutants")
	flag.Parse()
	if err := run(*from, *every, *match, *list); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(from, every int, match string, list bool) error {
	tmp, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	checks, overlay, err := mutate(tmp)
	if err != nil {
		return err
	}
	if err := assign(checks); err != nil {
		return err
	}
	j := judges{tmp: tmp, overlay: overlay, built: map[string]string{}}
	needs, err := j.trace(checks)
	if err != nil {
		return err
	}
	var chosen []int
	all := append(checks, needs...)
	for n := from; n < len(all); n += every {
		if strings.Contains(all[n].line(n), match) {
			chosen = append(chosen, n)
		}
	}
	if list {
		for _, n := range chosen {
			fmt.Println(all[n].line(n))
		}
		return nil
	}
	if len(chosen) == len(all) {
		if err := j.alone(all); err != nil {
			return err
		}
	}
	return try(&j, all, chosen)
}

// try brings the chosen mutants to life, one after the other.
func try(j *judges, all []mutant, chosen []int) error {
	began, survivors := time.Now(), 0
	for _, n := range chosen {
		start, verdict := time.Now(), "found"
		red, err := j.find(&all[n])
		if err != nil {
			return err
		}
		if !red {
			verdict = "SURVIVED"
			survivors++
		}
		fmt.Printf("%-9s %s (%.0f s)\n", verdict, all[n].line(n), time.Since(start).Seconds())
	}
	took := time.Since(began).Round(time.Second)
	if survivors > 0 {
		return fmt.Errorf("%d of %d mutants survived (%s): those checks can be taken out without anybody noticing", survivors, len(chosen), took)
	}
	fmt.Printf("no survivor among %d mutants of %d (%s)\n", len(chosen), len(all), took)
	return nil
}

func (m *mutant) line(n int) string {
	line := fmt.Sprintf("%3d  %-44s %s", n, m.at, m.what)
	if m.other != nil {
		line += "  [" + filepath.Base(m.other.pkg) + " " + m.other.test + "]"
	}
	return line
}
