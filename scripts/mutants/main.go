// Command mutants takes checks of who may do what out of the program, one at a time,
// and demands that the matrix of internal/authz finds each. Run it by
// scripts/authz-mutants.
//
// The checks are found in the source, as calls of the functions below, so that a new
// check is a new mutant. All mutants are in one program, built over the source with
// go test -overlay, and TAKHTI_MUTANT says which of them is alive.
package main

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Functions that are checks: those that say whether, and those that say why not.
var (
	whether = []string{"sees", "seesDevice", "seesImport", "May", "MayAnywhere", "MaySome", "mayForAll", "MayUndo", "administers", "covers", "Admits"}
	whyNot  = []string{"t.allow", "u.allow", "u.within", "s.mayKeep", "admitted"}
	folders = []string{"internal/registry", "internal/api", "internal/web", "internal/workbook"}
)

// mutant is a check that can be taken out.
type mutant struct{ at, check string }

// insertion is text that is put into a file.
type insertion struct {
	at    int
	text  string
	order int // of several in one place
}

func main() {
	every := flag.Int("every", 1, "try only each so many-th mutant")
	list := flag.Bool("list", false, "only list the mutants")
	flag.Parse()
	if err := run(*every, *list); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(every int, list bool) error {
	tmp, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	mutants, overlay, err := mutate(tmp)
	if err != nil {
		return err
	}
	if list {
		for n, m := range mutants {
			fmt.Printf("%3d  %-42s %s\n", n, m.at, m.check)
		}
		return nil
	}
	matrix := filepath.Join(tmp, "matrix.test")
	if out, err := exec.Command("go", "test", "-tags", "nomsgpack", "-overlay", overlay, "-c", "-o", matrix, "./internal/authz").CombinedOutput(); err != nil {
		return fmt.Errorf("cannot build the mutants: %w\n%s", err, out)
	}
	if found, why := asked(matrix, "none"); found {
		return fmt.Errorf("the matrix is red without any mutant:\n%s", why)
	}
	survivors := 0
	for n := 0; n < len(mutants); n += every {
		began, verdict := time.Now(), "found"
		if found, _ := asked(matrix, strconv.Itoa(n)); !found {
			verdict = "SURVIVED"
			survivors++
		}
		fmt.Printf("%3d  %-9s %-42s %s (%.0f s)\n", n, verdict, mutants[n].at, mutants[n].check, time.Since(began).Seconds())
	}
	if survivors > 0 {
		return fmt.Errorf("%d checks can be taken out without anybody noticing", survivors)
	}
	return nil
}

// asked runs the matrix with one mutant alive, and says whether it turned red.
func asked(matrix, alive string) (red bool, out string) {
	cmd := exec.Command(matrix, "-test.run=TestMatrix", "-first")
	cmd.Dir = "internal/authz"
	cmd.Env = append(os.Environ(), "TAKHTI_MUTANT="+alive)
	said, err := cmd.CombinedOutput()
	return err != nil, string(said)
}

// mutate writes the sources with the mutants to tmp, and the overlay that puts them in place.
func mutate(tmp string) (all []mutant, overlay string, err error) {
	replace := map[string]string{}
	for _, folder := range folders {
		files, err := filepath.Glob(folder + "/*.go")
		if err != nil {
			return nil, "", err
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, "_templ.go") {
				continue
			}
			source, found, err := mutateFile(file, len(all))
			if err != nil {
				return nil, "", err
			}
			if len(found) > 0 {
				all = append(all, found...)
				if err := put(tmp, file, source, replace); err != nil {
					return nil, "", err
				}
			}
		}
		if err := put(tmp, folder+"/mutant_on.go", helper(filepath.Base(folder)), replace); err != nil {
			return nil, "", err
		}
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return nil, "", err
	}
	overlay = filepath.Join(tmp, "overlay.json")
	return all, overlay, os.WriteFile(overlay, data, 0o600)
}

func put(tmp, file, source string, replace map[string]string) error {
	there, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	here := filepath.Join(tmp, strings.ReplaceAll(file, "/", "_"))
	replace[there] = here
	return os.WriteFile(here, []byte(source), 0o600)
}

// helper is what the mutants of a package are switched by.
func helper(pkg string) string {
	return "package " + pkg + `

import "os"

func mutantOn(n string) bool { return os.Getenv("TAKHTI_MUTANT") == n }

func mutantErr(n string, check func() error) error {
	if mutantOn(n) {
		return nil
	}
	return check()
}
`
}

// mutateFile puts a switch around each check of a file.
func mutateFile(file string, first int) (string, []mutant, error) {
	source, err := os.ReadFile(file)
	if err != nil {
		return "", nil, err
	}
	files := token.NewFileSet()
	tree, err := parser.ParseFile(files, file, source, 0)
	if err != nil {
		return "", nil, err
	}
	var found []mutant
	var put []insertion
	ast.Inspect(tree, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		name := called(call)
		before, after := "", ""
		number := strconv.Quote(strconv.Itoa(first + len(found)))
		switch {
		case slices.Contains(whether, name):
			before, after = "(mutantOn("+number+") || ", ")"
		case slices.Contains(whyNot, string(source[files.Position(call.Fun.Pos()).Offset:files.Position(call.Fun.End()).Offset])):
			before, after = "mutantErr("+number+", func() error { return ", " })"
		default:
			return true
		}
		from, to := files.Position(call.Pos()), files.Position(call.End())
		put = append(put, insertion{from.Offset, before, len(put)}, insertion{to.Offset, after, -len(put)})
		found = append(found, mutant{fmt.Sprintf("%s:%d", strings.TrimPrefix(file, "internal/"), from.Line), string(source[from.Offset:to.Offset])})
		return true
	})
	slices.SortStableFunc(put, func(a, b insertion) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.order, b.order)) })
	var out strings.Builder
	at := 0
	for _, p := range put {
		out.Write(source[at:p.at])
		out.WriteString(p.text)
		at = p.at
	}
	out.Write(source[at:])
	return out.String(), found, nil
}

// called is the name of what a call calls, where that is a function or a method.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}
