package archtest

import (
	"fmt"
	"go/ast"
	"slices"
	"strconv"
	"strings"
)

const module = "github.com/takhti-edu/takhti"

// anything, in place of a list, allows all of our packages.
var anything = []string{"*"}

// house is every package of ours and the packages of ours it may import.
// Imports go down the page, never across a row. Tests may import any of them.
var house = map[string][]string{
	// Ground.
	"internal/fleet":     {},
	"internal/kv":        {},
	"internal/kv/boltkv": {"internal/kv"},
	"internal/kv/memkv":  {"internal/kv"},
	"internal/kv/kvtest": {"internal/kv"},
	"internal/table":     {"internal/kv"},
	"internal/qr":        {},
	"internal/readproc":  {"pkg/sheet"},
	"pkg/sheet":          {},
	"pkg/takhti":         {},

	// Core.
	"internal/registry": {"internal/fleet", "internal/table", "internal/kv"},

	// Helpers of the edges.
	"internal/atlas":           {"internal/registry", "internal/fleet"},
	"internal/audit":           {"internal/registry"},
	"internal/auth":            {"internal/registry", "internal/fleet"},
	"internal/auth/openidtest": {},
	"internal/workbook":        {"internal/registry", "internal/fleet", "internal/readproc", "pkg/sheet"},

	// Edges.
	"internal/api":    {"internal/registry", "internal/workbook", "internal/auth", "internal/fleet", "pkg/takhti"},
	"internal/server": {"internal/auth"},
	"internal/web":    {"internal/audit", "internal/registry", "internal/workbook", "internal/auth", "internal/fleet", "internal/qr"},

	// The made-up country, which comes in by the same doors as a real one.
	"internal/demo": {"internal/registry", "internal/workbook", "internal/fleet", "internal/atlas"},

	// Wiring.
	"cmd/takhti": anything,

	"internal/archtest": {},
	"internal/authz":    {},
}

// owners is every module the program links by our own choice, and the only
// packages that may import it. A new module needs a line here, with an owner.
// Tests may import any module named here or in testKit.
var owners = map[string][]string{
	"github.com/VictoriaMetrics/metrics": {"internal/server"},
	"github.com/a-h/templ":               {"internal/web"},
	"github.com/boombuler/barcode":       {"internal/qr"},
	"github.com/coreos/go-oidc/v3":       {"internal/auth"},
	"github.com/danielgtaylor/huma/v2":   {"internal/api"},
	"github.com/fxamacker/cbor/v2":       {"internal/registry", "internal/table"},
	"github.com/gin-gonic/gin":           {"internal/server", "internal/api", "internal/web"},
	"github.com/spf13/cobra":             {"cmd/takhti"},
	"github.com/tidwall/btree":           {"internal/kv", "internal/kv/memkv"},
	"go.etcd.io/bbolt":                   {"internal/kv/boltkv"},
	"golang.org/x/crypto":                {"internal/auth"},
	"golang.org/x/mod":                   {"internal/registry", "internal/audit"},
	"golang.org/x/oauth2":                {"internal/auth"},
	"golang.org/x/time":                  {"internal/server", "internal/auth"},
}

// testKit is what only tests, and packages made for tests, may import.
var testKit = map[string][]string{
	"github.com/go-jose/go-jose/v4":   {"internal/auth/openidtest"},
	"github.com/rogpeppe/go-internal": {},
	"github.com/xuri/excelize/v2":     {}, // what our own reader and writer of workbooks are compared with
	"go.uber.org/goleak":              {},
	"golang.org/x/text":               {},
	"pgregory.net/rapid":              {"internal/kv/kvtest"},
}

// bannedImports may be imported nowhere, for the reason given.
var bannedImports = map[string]string{
	"html/template": "it keeps every exported method linked (10 MB); pages are made with templ",
	"text/template": "it keeps every exported method linked (10 MB); build the text by hand",
}

// arrows checks every import against the tables above.
func arrows(t tree) []string {
	var found []string
	for _, f := range t.code {
		allowed, known := house[f.pkg]
		if !known {
			found = append(found, fmt.Sprintf("%s: package %s is not in the table of packages: give it a line in house", f.path, f.pkg))
			continue
		}
		for _, imp := range f.syntax.Imports {
			if wrong := wrongImport(f, allowed, importPath(imp)); wrong != "" {
				found = append(found, f.at(imp)+wrong)
			}
		}
	}
	return found
}

func wrongImport(f goFile, allowed []string, path string) string {
	if why, banned := bannedImports[path]; banned {
		return fmt.Sprintf("%s is not to be used: %s", path, why)
	}
	if ours, ok := strings.CutPrefix(path, module+"/"); ok {
		return wrongArrow(f, allowed, ours)
	}
	if first, _, _ := strings.Cut(path, "/"); strings.Contains(first, ".") {
		return wrongModule(f, path)
	}
	return "" // the standard library
}

func wrongArrow(f goFile, allowed []string, ours string) string {
	if f.test || slices.Contains(allowed, ours) || slices.Equal(allowed, anything) {
		return ""
	}
	return fmt.Sprintf("%s may not import %s (it may import %s)", f.pkg, ours, list(allowed))
}

func wrongModule(f goFile, path string) string {
	if users, ok := within(owners, path); ok {
		if f.test || slices.Contains(users, f.pkg) {
			return ""
		}
		return fmt.Sprintf("%s belongs to %s, not to %s", path, list(users), f.pkg)
	}
	if users, ok := within(testKit, path); ok {
		if f.test || slices.Contains(users, f.pkg) {
			return ""
		}
		return fmt.Sprintf("%s is for tests only", path)
	}
	return fmt.Sprintf("%s is of a module without an owner: give it a line in owners", path)
}

// within finds the module in the table to which the import path belongs.
func within(table map[string][]string, path string) ([]string, bool) {
	for mod, users := range table {
		if path == mod || strings.HasPrefix(path, mod+"/") {
			return users, true
		}
	}
	return nil, false
}

func importPath(imp *ast.ImportSpec) string {
	path, err := strconv.Unquote(imp.Path.Value)
	if err != nil {
		panic(err) // the parser accepts only string literals
	}
	return path
}

func list(names []string) string {
	if len(names) == 0 {
		return "nothing of ours"
	}
	return strings.Join(names, ", ")
}
