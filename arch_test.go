package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// arrows describes which packages of ours each package may import. It is the table
// of ARCHITECTURE.md; a package that is not in it fails.
func arrows() map[string][]string {
	leaf := []string{"model", "model/search", "work", "internal/plain", "internal/locale",
		"ui/screen", "ui/widget/theme", "ui/widget/keymap", "ui/widget/request", "ui/widget/text", "ui/widget/input"}
	widgets := []string{"ui/widget/list", "ui/widget/detail", "ui/widget/form", "ui/widget/menu", "ui/widget/facets", "ui/widget/reader",
		"ui/widget/prompt", "ui/widget/question", "ui/widget/message"}
	screens := []string{"ui/browse", "ui/edit", "ui/bulk", "ui/changes", "ui/signin"}
	screenMay := slices.Concat(leaf, widgets)
	return map[string][]string{
		"model":                  {"model/numbers"},
		"model/numbers":          {},
		"model/numbers/generate": {}, // makes the metadata of model/numbers
		"model/search":           {"model"},
		"work":                   {"model"},
		"internal/plain":         {},
		"internal/redact":        {"internal/plain"},
		"internal/weburl":        {},
		"internal/locale":        {},
		"internal/term":          {},
		"internal/console":       {},
		"internal/look":          {},
		"api":                    {"model", "work", "internal/plain", "internal/redact"},
		"api/budget":             {"work"},
		"api/contract":           {}, // for tests
		"api/sandbox":            {},
		"store":                  {"model", "work"},
		"config":                 {"internal/redact", "internal/weburl", "internal/look"},
		"desktop":                {},
		"docs":                   {},
		"service":                {"model", "model/search", "work", "api", "api/budget", "store", "internal/plain"},
		"ui/widget/theme":        {"internal/look"},
		"ui/widget/request":      {},
		"ui/widget/keymap":       {},
		"ui/widget/text":         {"model", "internal/plain", "internal/locale"},
		"ui/screen":              {"model", "ui/widget/theme", "ui/widget/keymap"},
		"ui/widget/input":        {"internal/plain", "ui/widget/text", "ui/widget/theme"},
		"ui/screen/stage":        {"ui/screen", "ui/uitest", "ui/widget/theme", "ui/widget/keymap"}, // for tests
		"ui/widget/list":         leaf,
		"ui/widget/detail":       leaf,
		"ui/widget/menu":         leaf,
		"ui/widget/facets":       leaf,
		"ui/widget/reader":       leaf,
		"ui/widget/prompt":       leaf,
		"ui/widget/question":     leaf,
		"ui/widget/message":      leaf,
		"ui/widget/form":         leaf,
		"ui/contacts":            leaf,
		"ui/uitest":              {"model", "work", "ui/widget/keymap"}, // for tests only
		"ui/browse":              append([]string{"ui/contacts"}, screenMay...),
		"ui/edit":                screenMay,
		"ui/bulk":                screenMay,
		"ui/changes":             screenMay,
		"ui/signin":              append([]string{"internal/redact", "internal/weburl"}, screenMay...),
		"ui":                     slices.Concat(screens, screenMay),
		"cli": {"model", "model/search", "work", "docs", "api", "api/budget", "api/sandbox", "store",
			"config", "service", "internal/plain", "internal/redact", "internal/weburl", "internal/locale", "ui/widget/keymap",
			"ui/widget/theme", "ui/widget/list"},
		"packaging/licenses": {},
		"screenshots":        {"api/sandbox", "internal/term"},
		"screenshots/keys":   {"ui/widget/keymap"},
		"e2e":                {},
		"e2e/matrix":         {},
		"e2e/rig":            {"internal/term", "api/sandbox", "api/contract"},
		"e2e/fresh":          {"internal/term"},
		"e2e/measure":        {"internal/term", "api/sandbox", "model", "store"},
		"e2e/relevance":      {"api/sandbox", "model", "model/search"},
		"e2e/measure/empty":  {},
		".":                  {"*"},
	}
}

// outside describes what packages of others a package may not import.
func outside() map[string][]string {
	noIO := []string{"net/http", "os", "database/sql", "os/exec"}
	charm := []string{"charm.land/", "github.com/charmbracelet/"}
	return map[string][]string{
		"model":            append(noIO, charm...),
		"model/numbers":    append(noIO, charm...),
		"model/search":     append(noIO, charm...),
		"work":             append(noIO, charm...),
		"ui":               append(noIO, "charm.land/huh"),
		"ui/widget/list":   append(noIO, "charm.land/huh"),
		"ui/widget/detail": append(noIO, "charm.land/huh"),
		"ui/widget/menu":   append(noIO, "charm.land/huh"),
		"ui/widget/facets": append(noIO, "charm.land/huh"),
		"ui/widget/reader": append(noIO, "charm.land/huh"),
		"ui/widget/prompt": append(noIO, "charm.land/huh"),
		"ui/widget/input":  append(noIO, "charm.land/huh"),
		"ui/changes":       append(noIO, "charm.land/huh"),
		"ui/bulk":          append(noIO, "charm.land/huh"),
		"ui/signin":        append(noIO, "charm.land/huh"),
		"ui/widget/form":   noIO,
		"api":              charm,
		"api/sandbox":      charm,
		"store":            append([]string{"net/http"}, charm...),
		"config":           append([]string{"net/http"}, charm...),
		"service":          append([]string{"net/http"}, charm...),
	}
}

// The sizes that keep a file and a function readable in one go.
const (
	maxFileLines = 400
	maxFuncLines = 80
)

// source is one parsed Go file.
type source struct {
	path, dir string
	file      *ast.File
	fset      *token.FileSet
	lines     int
}

func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, body, parser.ParseComments)
		if err != nil {
			return err
		}
		out = append(out, source{path, filepath.ToSlash(filepath.Dir(path)), f, fset, strings.Count(string(body), "\n")})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 50 {
		t.Fatalf("only %d files found: the walk is broken", len(out))
	}
	return out
}

// moduleName is what go.mod calls this module.
func moduleName(t *testing.T) string {
	t.Helper()
	body, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(body), "\n")
	return strings.TrimPrefix(line, "module ")
}

// slowToStart takes 6 ms of every start to unpack what is rarely asked for. Tests
// and the generator of model/numbers have it.
const slowToStart = "github.com/nyaruka/phonenumbers"

func TestArrows(t *testing.T) {
	t.Parallel()
	allowed, forbidden := arrows(), outside()
	module := moduleName(t)
	for _, s := range sources(t) {
		if strings.HasSuffix(s.path, "_test.go") {
			continue
		}
		may, known := allowed[s.dir]
		if !known {
			t.Errorf("%s: package %s is not in the table of arrows", s.path, s.dir)
			continue
		}
		for _, imp := range s.file.Imports {
			path := strings.Trim(imp.Path.Value, `"`)
			if strings.HasPrefix(path, slowToStart) && s.dir != "model/numbers/generate" {
				t.Errorf("%s imports %s, which the program may not: ask model/numbers", s.path, path)
			}
			if ours, ok := strings.CutPrefix(path, module+"/"); ok {
				if !slices.Contains(may, ours) && !slices.Contains(may, "*") {
					t.Errorf("%s imports %s, which %s may not", s.path, ours, s.dir)
				}
				continue
			}
			for _, bad := range forbidden[s.dir] {
				if path == bad || strings.HasSuffix(bad, "/") && strings.HasPrefix(path, bad) || strings.HasPrefix(path, bad+"/v") {
					t.Errorf("%s imports %s, which %s may not", s.path, path, s.dir)
				}
			}
		}
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.lines > maxFileLines {
			t.Errorf("%s has %d lines, more than %d", s.path, s.lines, maxFileLines)
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := s.fset.Position(f.End()).Line - s.fset.Position(f.Pos()).Line + 1; n > maxFuncLines {
				t.Errorf("%s: %s has %d lines, more than %d", s.path, f.Name.Name, n, maxFuncLines)
			}
		}
	}
}

// The limits of the root model. It holds the session and routes; whatever has
// state of its own is a model below it. Cut into the tree, today's program
// needs 20 fields and 58 methods; a root that grows past that has taken work
// from a screen.
const (
	maxRootFields  = 20
	maxRootMethods = 60
)

func TestRootModelIsSmall(t *testing.T) {
	t.Parallel()
	fields, methods := 0, 0
	for _, s := range sources(t) {
		if s.dir != "ui" || strings.HasSuffix(s.path, "_test.go") {
			continue
		}
		for _, d := range s.file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv != nil && receiver(d) == "App" {
					methods++
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if ts, ok := spec.(*ast.TypeSpec); ok && ts.Name.Name == "App" {
						for _, f := range ts.Type.(*ast.StructType).Fields.List {
							fields += max(1, len(f.Names))
						}
					}
				}
			}
		}
	}
	if fields == 0 || methods == 0 {
		t.Fatal("no root model found")
	}
	if fields > maxRootFields || methods > maxRootMethods {
		t.Errorf("the root model has %d fields and %d methods, at most %d and %d", fields, methods, maxRootFields, maxRootMethods)
	}
}

func receiver(d *ast.FuncDecl) string {
	typ := d.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	name, _ := typ.(*ast.Ident)
	return name.Name
}

// Nothing is global but errors, embedded files, assertions and what no one
// changes: so tests run in parallel and a program can hold two of everything.
func TestNoPackageState(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, spec := range g.Specs {
				v := spec.(*ast.ValueSpec)
				for _, name := range v.Names {
					if !allowedVar(s, name.Name, v, g) {
						t.Errorf("%s: package-level variable %s", s.fset.Position(name.Pos()), name.Name)
					}
				}
			}
		}
	}
}

// readOnly reports whether a variable is a compiled pattern, a table that is read once, or the literal of an array
// or a map, which is a constant in all but name.
func readOnly(v *ast.ValueSpec) bool {
	if len(v.Values) != 1 {
		return false
	}
	switch value := v.Values[0].(type) {
	case *ast.CallExpr:
		sel, ok := value.Fun.(*ast.SelectorExpr)
		return ok && slices.Contains([]string{"MustCompile", "NewReplacer", "OnceValue"}, sel.Sel.Name)
	case *ast.CompositeLit:
		if _, isMap := value.Type.(*ast.MapType); isMap {
			return true
		}
		array, ok := value.Type.(*ast.ArrayType)
		return ok && array.Len != nil
	}
	return false
}

func allowedVar(s source, name string, v *ast.ValueSpec, g *ast.GenDecl) bool {
	switch {
	case name == "_":
		return true
	case strings.HasPrefix(name, "Err") || strings.HasPrefix(name, "err"):
		return true
	case readOnly(v):
		return true
	case s.path == "version.go":
		return true // set by the linker
	case strings.HasSuffix(s.path, "_test.go") && len(v.Values) == 1:
		call, ok := v.Values[0].(*ast.CallExpr)
		if !ok {
			return false
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		return ok && sel.Sel.Name == "Bool" // a flag of the test binary
	}
	for _, doc := range []*ast.CommentGroup{v.Doc, g.Doc} {
		if doc == nil {
			continue
		}
		for _, c := range doc.List {
			if strings.HasPrefix(c.Text, "//go:embed") {
				return true
			}
		}
	}
	return false
}
