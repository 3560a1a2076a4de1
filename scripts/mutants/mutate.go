package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Functions that are checks: those that say whether, and those that say why not.
var (
	whether = []string{"sees", "seesDevice", "seesImport", "May", "MayAnywhere", "MaySome", "mayForAll", "MayUndo", "administers", "covers", "Admits"}
	whyNot  = []string{"t.allow", "u.allow", "u.within", "s.mayKeep", "admitted"}
	none    = []string{"footprint.go f.covers", "token.go s.actor.MayAnywhere"} // what only is called like one, or only spares reading
	folders = []string{"internal/registry", "internal/api", "internal/web", "internal/workbook"}
)

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
			f, err := mutateFile(file, len(all))
			if err != nil {
				return nil, "", err
			}
			if len(f.put) > 0 {
				all = append(all, f.found...)
				if err := put(tmp, file, f.text(), replace); err != nil {
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
	source := "package " + pkg + `

import "os"

var mutantAlive = os.Getenv("TAKHTI_MUTANT")

func mutantOn(n string) bool {
	if mutantAlive == "trace" {
		os.Stdout.WriteString("\nmutant " + n + "\n")
	}
	return mutantAlive == n
}

func mutantErr(n string, check func() error) error {
	if mutantOn(n) {
		return nil
	}
	return check()
}
`
	if pkg != "api" && pkg != "web" {
		return source
	}
	return strings.Replace(source, `import "os"`, "import (\n\"os\"\n\n\"github.com/takhti-edu/takhti/internal/auth\"\n)", 1) + `
func mutantNeed(r auth.Route, declared auth.Need) auth.Need {
	switch route := r.Method + " " + r.Path; mutantAlive {
	case "signed-in " + route:
		return auth.SignedIn()
	case "open " + route:
		return auth.Nothing()
	case "unsaid " + route:
		return auth.Need{}
	}
	return declared
}
`
}

// insertion is text that is put into a file.
type insertion struct {
	at    int
	text  string
	order int // of several in one place
}

// mutated is a file with switches around its checks.
type mutated struct {
	name   string
	source []byte
	files  *token.FileSet
	in     string // the function that is being looked at
	first  int    // the number of the first mutant
	found  []mutant
	put    []insertion
}

func mutateFile(name string, first int) (*mutated, error) {
	source, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f := &mutated{name: strings.TrimPrefix(name, "internal/"), source: source, files: token.NewFileSet(), first: first}
	tree, err := parser.ParseFile(f.files, name, source, 0)
	if err != nil {
		return nil, err
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			f.in = n.Name.Name
		case *ast.CallExpr:
			f.check(n)
			f.need(n)
		}
		return true
	})
	return f, nil
}

// check puts a switch around a call that is a check.
func (f *mutated) check(call *ast.CallExpr) {
	n := strconv.Itoa(f.first + len(f.found))
	switch {
	case slices.Contains(none, path.Base(f.name)+" "+f.textOf(call.Fun)):
		return
	case slices.Contains(whether, called(call)):
		f.around(call, "(mutantOn("+strconv.Quote(n)+") || ", ")")
	case slices.Contains(whyNot, f.textOf(call.Fun)):
		f.around(call, "mutantErr("+strconv.Quote(n)+", func() error { return ", " })")
	default:
		return
	}
	at := fmt.Sprintf("%s:%d %s", f.name, f.files.Position(call.Pos()).Line, f.in)
	f.found = append(f.found, mutant{alive: n, at: at, what: f.textOf(call)})
}

// need puts a switch around a route's declared need where it is enforced: in
// r.Needs.Open(), r.Needs.Admits(…) and admitted(…, r.Needs).
func (f *mutated) need(call *ast.CallExpr) {
	var need ast.Expr
	switch fun := call.Fun.(type) {
	case *ast.SelectorExpr:
		need = fun.X
	case *ast.Ident:
		if fun.Name == "admitted" {
			need = call.Args[len(call.Args)-1]
		}
	}
	if needs, ok := need.(*ast.SelectorExpr); ok && needs.Sel.Name == "Needs" {
		f.around(needs, "mutantNeed("+f.textOf(needs.X)+", ", ")")
	}
}

func (f *mutated) around(n ast.Node, before, after string) {
	f.put = append(f.put, insertion{f.offset(n.Pos()), before, len(f.put)}, insertion{f.offset(n.End()), after, -len(f.put)})
}

func (f *mutated) offset(p token.Pos) int { return f.files.Position(p).Offset }
func (f *mutated) textOf(n ast.Node) string {
	return string(f.source[f.offset(n.Pos()):f.offset(n.End())])
}

// text is the file with its insertions.
func (f *mutated) text() string {
	slices.SortStableFunc(f.put, func(a, b insertion) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.order, b.order)) })
	var out strings.Builder
	at := 0
	for _, p := range f.put {
		out.Write(f.source[at:p.at])
		out.WriteString(p.text)
		at = p.at
	}
	out.Write(f.source[at:])
	return out.String()
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
