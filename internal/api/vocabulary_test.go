package api

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// The client's constants are written by hand; the words come from the nouns.
func TestClientHasEveryWordAndNoOther(t *testing.T) {
	client := map[string][]string{}
	paths, err := filepath.Glob("../../pkg/takhti/*.go")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			v, ok := n.(*ast.ValueSpec)
			if !ok || len(v.Values) != 1 {
				return true
			}
			typ, named := v.Type.(*ast.Ident)
			lit, text := v.Values[0].(*ast.BasicLit)
			if named && text && lit.Kind == token.STRING {
				value, _ := strconv.Unquote(lit.Value)
				client[typ.Name] = append(client[typ.Name], value)
			}
			return true
		})
	}
	delete(client, "Dimension") // sent as a list in one text
	api := map[string][]string{}
	for typ, values := range words {
		for _, v := range values {
			api[typ.Name()] = append(api[typ.Name()], v.(string))
		}
	}
	for name := range maps.Keys(api) {
		slices.Sort(api[name])
		slices.Sort(client[name])
		if !slices.Equal(api[name], client[name]) {
			t.Errorf("%s: the client has %v, the API %v", name, client[name], api[name])
		}
	}
	for name := range client {
		if api[name] == nil {
			t.Errorf("the API says nothing of the client's %s", name)
		}
	}
}
