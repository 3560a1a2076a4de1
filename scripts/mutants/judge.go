package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// judges are the test programs with all mutants in them, built when they are needed.
type judges struct {
	tmp, overlay string
	built        map[string]string // by package
}

const matrix = "internal/authz"

// find says whether the mutant is found.
func (j *judges) find(m *mutant) (red bool, err error) {
	if m.other != nil {
		red, _, err = j.ask(m.other.pkg, m.alive, "-test.run=^"+m.other.test+"$")
		return red, err
	}
	if len(m.recipes) > 0 { // those that come to it find it soon
		if red, _, err = j.ask(matrix, m.alive, "-test.run=^TestMatrix$", "-first", "-recipes="+strings.Join(m.recipes, ",")); red || err != nil {
			return red, err
		}
	}
	red, _, err = j.ask(matrix, m.alive, "-test.run=^TestMatrix$", "-first")
	return red, err
}

// ask runs a package's tests with one mutant alive.
func (j *judges) ask(pkg, alive string, args ...string) (red bool, said string, err error) {
	program, err := j.program(pkg)
	if err != nil {
		return false, "", err
	}
	cmd := exec.Command(program, args...)
	cmd.Dir = pkg
	cmd.Env = append(os.Environ(), "TAKHTI_MUTANT="+alive)
	out, err := cmd.CombinedOutput()
	if failed := (*exec.ExitError)(nil); err != nil && !errors.As(err, &failed) {
		return false, "", err
	}
	if strings.Contains(string(out), "no tests to run") {
		return false, "", fmt.Errorf("%s has no test for %s", pkg, strings.Join(args, " "))
	}
	return err != nil, string(out), nil
}

func (j *judges) program(pkg string) (string, error) {
	if j.built[pkg] == "" {
		program := filepath.Join(j.tmp, filepath.Base(pkg)+".test")
		build := exec.Command("go", "test", "-tags", "nomsgpack", "-overlay", j.overlay, "-c", "-o", program, "./"+pkg)
		if out, err := build.CombinedOutput(); err != nil {
			return "", fmt.Errorf("cannot build the mutants: %w\n%s", err, out)
		}
		j.built[pkg] = program
	}
	return j.built[pkg], nil
}

// alone runs each recipe by itself, without a mutant. One that is red then would find
// every mutant.
func (j *judges) alone(all []mutant) error {
	var recipes []string
	for _, m := range all {
		recipes = append(recipes, m.recipes...)
	}
	slices.Sort(recipes)
	for _, r := range slices.Compact(recipes) {
		red, said, err := j.ask(matrix, "none", "-test.run=^TestMatrix$", "-recipes="+r)
		if err != nil || red {
			return fmt.Errorf("recipe %s is red by itself, without any mutant: %v\n%s", r, err, said)
		}
	}
	return nil
}

// isFile holds for what is served to everybody without a look at who asks, so that there
// is nothing to take away.
func isFile(path string) bool { return path == "/favicon.ico" || strings.HasPrefix(path, "/static/") }

// trace runs the matrix once without a mutant, notes which recipes come to which, and
// gives those of what the routes need: each of them open to everybody who is signed in,
// open to all, and, of those that are, none of which it is said.
func (j *judges) trace(checks []mutant) (needs []mutant, err error) {
	red, said, err := j.ask(matrix, "trace", "-test.run=^TestMatrix$", "-trace")
	if err != nil || red {
		return nil, fmt.Errorf("the matrix is red without any mutant: %v\n%s", err, said)
	}
	instead := map[string][]string{"open": {"unsaid"}, "signed-in": {"open"}, "action": {"signed-in", "open"}}
	of := map[string][]string{} // the recipes of a route
	recipe := ""
	for line := range strings.Lines(said) {
		switch w := strings.Fields(line); {
		case len(w) == 4 && w[0] == "need" && !isFile(w[3]):
			for _, need := range instead[w[1]] {
				if w[2] == "HEAD" && need != "unsaid" {
					continue // no body says whether the route refuses, or what is behind it, which GET shows
				}
				route := w[2] + " " + w[3]
				needs = append(needs, mutant{alive: need + " " + route, at: route, what: "does not need " + w[1] + ", is " + need})
			}
		case len(w) == 4 && w[0] == "recipe":
			recipe = w[1]
			of[w[2]+" "+w[3]] = append(of[w[2]+" "+w[3]], recipe)
		case len(w) == 2 && w[0] == "mutant" && recipe != "":
			n, err := strconv.Atoi(w[1])
			if err != nil || n >= len(checks) {
				return nil, fmt.Errorf("there is no mutant %s", w[1])
			}
			if m := &checks[n]; len(m.recipes) == 0 || m.recipes[len(m.recipes)-1] != recipe {
				m.recipes = append(m.recipes, recipe)
			}
		}
	}
	for n := range needs {
		needs[n].recipes = of[needs[n].at]
	}
	if len(of) == 0 || len(needs) == 0 {
		return nil, fmt.Errorf("the matrix names no route:\n%.1000s", said)
	}
	return needs, nil
}
