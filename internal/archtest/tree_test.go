package archtest

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path"
	"strconv"
	"strings"
	"testing"
)

// tree is what the rules look at.
type tree struct {
	code  []goFile   // every Go file of the main module, for every platform
	texts []textFile // every tracked file that holds text
}

type goFile struct {
	path      string // from the root, with slashes
	pkg       string // its folder
	test      bool
	generated bool
	lines     int
	syntax    *ast.File
	positions *token.FileSet
}

type textFile struct {
	path string
	text string
}

// at names the place of a node, ready to be followed by a message.
func (f goFile) at(n ast.Node) string {
	return f.path + ":" + strconv.Itoa(f.positions.Position(n.Pos()).Line) + ": "
}

// linesOf counts the lines a node spans.
func (f goFile) linesOf(n ast.Node) int {
	return f.positions.Position(n.End()).Line - f.positions.Position(n.Pos()).Line + 1
}

// ours reports whether the file is code written by hand that users run.
func (f goFile) ours() bool { return !f.test && !f.generated }

// readTree reads the Go files below root, and as texts the files tracked.
func readTree(t *testing.T, root fs.FS, tracked []string) tree {
	t.Helper()
	var out tree
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && !holdsOurCode(root, name):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		f, err := parseGo(root, name)
		out.code = append(out.code, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range tracked {
		data, err := fs.ReadFile(root, name)
		if err != nil {
			t.Fatalf("%v: the file is tracked; commit its removal", err)
		}
		if bytes.IndexByte(data, 0) < 0 {
			out.texts = append(out.texts, textFile{name, string(data)})
		}
	}
	return out
}

// holdsOurCode is false for folders that the go command passes over, and for
// modules of their own.
func holdsOurCode(root fs.FS, dir string) bool {
	if dir == "." {
		return true
	}
	base := path.Base(dir)
	if base[0] == '.' || base[0] == '_' || base == "testdata" || base == "vendor" {
		return false
	}
	_, err := fs.Stat(root, path.Join(dir, "go.mod"))
	return err != nil
}

func parseGo(root fs.FS, name string) (goFile, error) {
	data, err := fs.ReadFile(root, name)
	if err != nil {
		return goFile{}, err
	}
	positions := token.NewFileSet()
	syntax, err := parser.ParseFile(positions, name, data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return goFile{}, err
	}
	return goFile{
		path:      name,
		pkg:       path.Dir(name),
		test:      strings.HasSuffix(name, "_test.go"),
		generated: ast.IsGenerated(syntax),
		lines:     bytes.Count(data, []byte("\n")),
		syntax:    syntax,
		positions: positions,
	}, nil
}

// trackedFiles asks git, so that a build or a data folder that lies about in
// the tree is not held to the rules.
func trackedFiles(t *testing.T, root string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", "ls-files", "-z")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git ls-files: %v: the rules on words look at the files that git tracks, so this test needs a clone and git", err)
	}
	return strings.FieldsFunc(string(out), func(r rune) bool { return r == 0 })
}
