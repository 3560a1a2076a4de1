package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Budgets, in lines. They hold for code written by hand, tests aside.
const (
	maxFile           = 600
	maxFunction       = 80
	maxPackageComment = 25
)

// clocks is where the time of day may be read, and why. Everybody else is given
// a clock, so that tests decide what time it is.
var clocks = map[string]string{
	"cmd/takhti":      "tells how long things took",
	"internal/server": "times requests",
}

// bannedWords may stand in no tracked file. The patterns are written so that
// they do not find themselves.
var bannedWords = []struct {
	pattern *regexp.Regexp
	why     string
}{
	{regexp.MustCompile(`\b(T[O]DO|FIX[M]E|X[X]X)\b`), "a leftover marker: finish it, or write it down where work is planned"},
	{regexp.MustCompile(`(?:^|[^\w.~)}/-])/(?:[w]ork|[t]mp|[r]oot)/`), "a path of one machine"},
	{regexp.MustCompile(`\b(?:proxy|sum|index)\.[g]olang\.org\b|\bgoproxy\.[a-z]+\b|\bregistry\.[n]pmjs\.org\b|\b[p]ypi\.org\b|\b[c]rates\.io\b`), "the host of a package registry"},
	{regexp.MustCompile(`(?i)(?:^|[\s(])(?:issues?|fix(?:es|ed)?|closes?|see) #\d`), "a number that only the tracker understands: say what it is about"},
}

// others are tracked files that we did not write.
func others(name string) bool {
	return path.Base(name) == "go.sum" || strings.Contains(name, "/vendor/") || strings.Contains(path.Base(name), ".min.")
}

func words(t tree) []string {
	var found []string
	for _, f := range t.texts {
		if others(f.path) {
			continue
		}
		for n, line := range strings.Split(f.text, "\n") {
			for _, w := range bannedWords {
				if hit := w.pattern.FindString(line); hit != "" {
					found = append(found, fmt.Sprintf("%s:%d: %q is %s", f.path, n+1, strings.TrimSpace(hit), w.why))
				}
			}
		}
	}
	return found
}

func fileBudget(t tree) []string {
	var found []string
	for _, f := range t.code {
		if f.ours() && f.lines > maxFile {
			found = append(found, fmt.Sprintf("%s: %d lines, more than %d: split it by noun", f.path, f.lines, maxFile))
		}
	}
	return found
}

// packageComments wants one package comment in every package, so that there is
// one place to read what it owns.
func packageComments(t tree) []string {
	comments := make(map[string]int)
	var found []string
	for _, f := range t.code {
		if !f.ours() {
			continue
		}
		comments[f.pkg] += 0
		doc := f.syntax.Doc
		if doc == nil {
			continue
		}
		comments[f.pkg]++
		if name := f.syntax.Name.Name; name != "main" && !strings.HasPrefix(doc.Text(), "Package "+name+" ") {
			found = append(found, fmt.Sprintf("%sa package comment begins with \"Package %s\"", f.at(doc), name))
		}
		if n := f.linesOf(doc); n > maxPackageComment {
			found = append(found, fmt.Sprintf("%spackage comment of %d lines, more than %d", f.at(doc), n, maxPackageComment))
		}
	}
	for _, pkg := range slices.Sorted(maps.Keys(comments)) {
		if comments[pkg] != 1 {
			found = append(found, fmt.Sprintf("%s: %d package comments, want one: say what the package owns", pkg, comments[pkg]))
		}
	}
	return found
}

func functionBudget(t tree) []string {
	var found []string
	eachFunction(t, func(f goFile, d *ast.FuncDecl) {
		if n := f.linesOf(d); n > maxFunction {
			found = append(found, fmt.Sprintf("%sfunction %s has %d lines, more than %d", f.at(d), d.Name.Name, n, maxFunction))
		}
	})
	return found
}

func noInit(t tree) []string {
	var found []string
	eachFunction(t, func(f goFile, d *ast.FuncDecl) {
		if d.Name.Name == "init" && d.Recv == nil {
			found = append(found, f.at(d)+"init runs behind the reader's back: call it from where it is needed")
		}
	})
	return found
}

func eachFunction(t tree, visit func(goFile, *ast.FuncDecl)) {
	for _, f := range t.code {
		if !f.ours() {
			continue
		}
		for _, decl := range f.syntax.Decls {
			if d, ok := decl.(*ast.FuncDecl); ok {
				visit(f, d)
			}
		}
	}
}

// noState allows tables, errors, patterns and embedded files at package level,
// but nothing that is filled or counted later.
func noState(t tree) []string {
	var found []string
	for _, f := range t.code {
		for _, decl := range f.syntax.Decls {
			d, ok := decl.(*ast.GenDecl)
			if !ok || d.Tok != token.VAR || !f.ours() {
				continue
			}
			for _, spec := range d.Specs {
				if v := spec.(*ast.ValueSpec); isState(d, v) {
					found = append(found, fmt.Sprintf("%s%s is state at package level: keep it in a value that is passed on", f.at(v), v.Names[0].Name))
				}
			}
		}
	}
	return found
}

func isState(d *ast.GenDecl, v *ast.ValueSpec) bool {
	if len(v.Values) == 0 {
		return !embeds(d.Doc) && !embeds(v.Doc)
	}
	return slices.ContainsFunc(v.Values, func(e ast.Expr) bool {
		if u, ok := e.(*ast.UnaryExpr); ok {
			e = u.X
		}
		switch e := e.(type) {
		case *ast.CallExpr:
			name, ok := e.Fun.(*ast.Ident)
			return ok && (name.Name == "make" || name.Name == "new")
		case *ast.CompositeLit:
			return ofPackage(e.Type, "sync") || ofPackage(e.Type, "atomic")
		case *ast.SelectorExpr:
			return readsClock(e) // a clock for tests to swap
		}
		return false
	})
}

func embeds(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool {
		return strings.HasPrefix(c.Text, "//go:embed ")
	})
}

// ofPackage reports whether the type expression names something of package pkg.
func ofPackage(typ ast.Expr, pkg string) bool {
	if generic, ok := typ.(*ast.IndexExpr); ok {
		typ = generic.X
	}
	sel, ok := typ.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && x.Name == pkg
}

// givenClock finds those who read the time of day themselves. To name time.Now
// without calling it is to hand over a clock, and allowed.
func givenClock(t tree) []string {
	var found []string
	for _, f := range t.code {
		if _, allowed := clocks[f.pkg]; allowed || !f.ours() {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && readsClock(call.Fun) {
				found = append(found, f.at(call)+"the time of day is read here: take the clock as a value")
			}
			return true
		})
	}
	return found
}

func readsClock(fun ast.Expr) bool {
	sel, ok := fun.(*ast.SelectorExpr)
	return ok && ofPackage(sel, "time") && slices.Contains([]string{"Now", "Since", "Until"}, sel.Sel.Name)
}
