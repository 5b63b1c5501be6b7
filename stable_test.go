//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/levcontacts/levcontacts/api/sandbox"
	"github.com/levcontacts/levcontacts/cli"
	"github.com/levcontacts/levcontacts/config"
)

// promise is what a script can rely on of one command: docs/commands.md, "What
// stays stable". Columns are the heading in a pipe, members the names in JSON.
type promise struct {
	args    []string // that do something useful; "" for none
	columns string
	members string // of the object, or of the first one of the array
	// wrong is a command line that is refused, with exit code 2.
	wrong []string
	// terminal is how args end on a terminal, where a question is answered with no.
	terminal int
	question string
	// codes are command lines that end with another code.
	codes map[int][]string
}

const contactColumns = "id contact_type first_name last_name title department email linkedin_url address city state zip " +
	"is_primary is_connected owner_account_id created_at updated_at"

// promises has a row for every command. One without a row fails the test, and so
// does one whose output does not keep it.
func promises() map[string]promise {
	words := strings.Fields
	return map[string]promise{
		"": {args: words("--version"), wrong: words("--nosuch"), codes: map[int][]string{2: words("nosuch")}},
		"list": {args: words("list --fields id,email --limit 1"), columns: "id email", members: "id email",
			wrong: words("list --sort nosuch"),
			codes: map[int][]string{6: words("list --offline"), 4: words("list --api-key-file KEYFILE")}},
		"get": {args: words("get 78 --fields id,title"), columns: "id title", members: "id title", wrong: words("get x"),
			codes: map[int][]string{5: words("get 4242424"), 3: words("get 78 4242424")}},
		"create": {args: words("create --type sponsor --last-name New --yes"), wrong: words("create --type broker"),
			codes: map[int][]string{4: words("create --type sponsor --last-name X --yes --read-only")}},
		"update": {args: words("update 78 142 --title Chief --yes"),
			columns: "contact_id name state changes message request_id",
			wrong:   words("update 78"), codes: map[int][]string{3: words("update 78 4242424 --title Boss --yes"),
				5: words("update 4242424 --title x --yes")}},
		"export": {args: words("export --format tsv --fields id,city"), columns: "id city",
			wrong: words("export --format nosuch")},
		"import": {args: []string{"import", "ROWS"}, question: "Send these 1 change?",
			columns: "row result id name message request_id body", members: "row line result name body", wrong: words("import"),
			codes: map[int][]string{3: {"import", "BAD"}, 1: words("import nosuch.csv")}},
		"duplicates": {args: words("duplicates"), columns: "score id name email other_id other_name other_email reasons",
			wrong: words("duplicates --min x")},
		"history": {args: words("history"), columns: "time kind contact_id name result fields request_id",
			members: "id kind name changes started finished result", wrong: words("history --kind nosuch")},
		"runs": {args: words("runs"), wrong: words("runs nosuch")},
		"runs list": {args: words("runs list"), columns: "id created state contacts outcome title",
			members: "id created state title total counts", wrong: words("runs list x")},
		"runs show": {args: words("runs show last"), columns: "contact_id name state changes message request_id",
			members: "contact_id name state changes", wrong: words("runs show nosuch")},
		"runs resume": {args: words("runs resume last"), wrong: words("runs resume nosuch")},
		"runs stop":   {args: words("runs stop last"), wrong: words("runs stop")},
		"runs undo": {args: words("runs undo last --dry-run"),
			columns: "contact_id name state changes message request_id", wrong: words("runs undo last")},
		"note": {args: words("note"), wrong: words("note nosuch")},
		"note list": {args: words("note list 78"), columns: "id created_at author text",
			wrong: words("note list x")},
		"note add":    {args: words("note add 78 --text Called --yes"), wrong: words("note add 78 --text Called")},
		"note edit":   {wrong: words("note edit 78")},
		"note delete": {wrong: words("note delete 78")},
		"company":     {args: words("company"), wrong: words("company nosuch")},
		"company list": {args: words("company list"), columns: "id name website city state",
			wrong: words("company list --nosuch")},
		"company get": {wrong: words("company get")},
		"company create": {args: words("company create Newbridge --type lender --yes"),
			wrong: words("company create Newbridge --type broker --yes")},
		"stats": {args: words("stats"), columns: "group name count",
			members: "contacts without_email contact_types states created", wrong: words("stats x")},
		"api": {args: words("api GET /me"), members: "request_id timestamp data",
			wrong: words("api GTE /me"), codes: map[int][]string{5: words("api GET /contacts/4242424")}},
		"auth":                  {args: words("auth"), wrong: words("auth nosuch")},
		"auth login":            {wrong: words("auth login")},
		"auth logout":           {wrong: words("auth logout x")},
		"auth status":           {args: words("auth status"), columns: "name value", wrong: words("auth status x")},
		"auth switch":           {wrong: words("auth switch nosuch")},
		"auth token":            {args: words("auth token"), terminal: 2, wrong: words("auth token x")},
		"config":                {args: words("config"), wrong: words("config nosuch")},
		"config init":           {args: words("config init"), wrong: words("config init x")},
		"config path":           {args: words("config path"), wrong: words("config path x")},
		"config show":           {args: words("config show"), wrong: words("config show x")},
		"config check":          {args: words("config check"), wrong: words("config check x")},
		"config edit":           {wrong: words("config edit")},
		"config schema":         {args: words("config schema"), wrong: words("config schema x")},
		"config add":            {args: words("config add second"), wrong: words("config add")},
		"cache":                 {args: words("cache"), wrong: words("cache nosuch")},
		"cache status":          {args: words("cache status"), columns: "name value", wrong: words("cache status x")},
		"cache clear":           {args: words("cache clear"), wrong: words("cache clear x")},
		"doctor":                {args: words("doctor"), wrong: words("doctor x")},
		"sandbox":               {wrong: words("sandbox --dialect nosuch")},
		"man":                   {args: words("man"), wrong: words("man --nosuch")},
		"skill":                 {args: words("skill"), wrong: words("skill x")},
		"completion":            {args: words("completion"), wrong: words("completion bsh")},
		"completion bash":       {args: words("completion bash"), wrong: words("completion bash --nosuch")},
		"completion fish":       {args: words("completion fish"), wrong: words("completion fish --nosuch")},
		"completion zsh":        {args: words("completion zsh"), wrong: words("completion zsh --nosuch")},
		"completion powershell": {args: words("completion powershell"), wrong: words("completion powershell --nosuch")},
		"help": {args: words("help --json"), members: "commands flags fields exit_codes",
			wrong: words("help nosuch")},
	}
}

// every lists the commands by their names.
func every() (names []string) {
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		names = append(names, strings.TrimSpace(strings.TrimPrefix(cmd.CommandPath(), "levcontacts")))
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk((&cli.App{Input: config.Input{}}).Commands())
	return append(names, "help") // cobra adds it later
}

// takesJSON reports whether --json of a command chooses the form of its output.
func takesJSON(name string) bool {
	cmd, _, err := (&cli.App{Input: config.Input{}}).Commands().Find(strings.Fields(name))
	if err != nil {
		return false
	}
	flag := cmd.Flags().Lookup("json")
	return flag != nil && flag.Value.Type() == "bool"
}

// script runs a command without a terminal, in a home of its own.
type script struct {
	t   *testing.T
	env []string
	dir string
}

func (s script) run(args ...string) (stdout, stderr string, code int) {
	s.t.Helper()
	args = s.words(args)
	path, err := exec.LookPath("levcontacts")
	must(s.t, err)
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(s.t.Context(), path, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = s.env, &out, &errs
	if err := cmd.Run(); err != nil {
		ended, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			s.t.Fatal(err)
		}
		code = ended.ExitCode()
	}
	return out.String(), errs.String(), code
}

// What the documentation promises to scripts holds for every command: names and
// their order in a pipe and in JSON, exit codes, errors as JSON, nothing on
// standard output when a command fails, no word of Go's libraries.
func TestWhatStaysStable(t *testing.T) {
	t.Parallel()
	table := promises()
	for _, name := range every() {
		if p, ok := table[name]; !ok || p.wrong == nil {
			t.Errorf("there is no promise of levcontacts %s", name)
		}
	}
	for name := range table {
		if !slices.Contains(every(), name) {
			t.Errorf("there is no command %q", name)
		}
	}
	for name, p := range table {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			newScript(t).keeps(name, p)
		})
	}
}

func newScript(t *testing.T) script {
	t.Helper()
	service, err := sandbox.New(sandbox.Options{Contacts: 60, Tier: "unlimited", Notes: true})
	must(t, err)
	server := httptest.NewServer(service)
	t.Cleanup(server.Close)
	s := script{t, newStage(t, "LEV_BASE_URL="+server.URL+sandbox.BasePath).env, t.TempDir()}
	must(t, os.WriteFile(filepath.Join(s.dir, "rows.csv"),
		[]byte("contact_type,last_name,email\nsponsor,New,new@example.com\n"), 0o600))
	must(t, os.WriteFile(filepath.Join(s.dir, "bad.csv"), []byte("contact_type,last_name\nbroker,Bad\n"), 0o600))
	return s
}

// words are the words of a command line with the paths of this script.
func (s script) words(args []string) (out []string) {
	paths := strings.NewReplacer("ROWS", filepath.Join(s.dir, "rows.csv"), "BAD", filepath.Join(s.dir, "bad.csv"),
		"KEYFILE", filepath.Join(s.dir, "nokey"))
	for _, word := range args {
		out = append(out, paths.Replace(word))
	}
	return out
}

// prepare makes what a command shows or takes back.
func (s script) prepare(name string) script {
	if strings.HasPrefix(name, "runs ") || name == "history" {
		_, _, _ = s.run("update", "78", "142", "--title", "First", "--yes")
	}
	return s
}

func (s script) keeps(name string, p promise) {
	t := s.t
	s.prepare(name)
	if p.args != nil {
		s.keepsOutput(p)
		newScript(t).prepare(name).keepsOnTerminal(p)
	}
	out, said, code := s.run(p.wrong...)
	if code != 2 || out != "" || !strings.HasPrefix(said, "levcontacts: ") {
		t.Errorf("%q ends with %d, standard output %q, standard error %q", p.wrong, code, out, said)
	}
	for _, word := range []string{"strconv", "pflag", "cobra", "unmarshal", "invalid syntax", "<nil>", "accepts "} {
		if strings.Contains(said, word) {
			t.Errorf("%q speaks of %q: %s", p.wrong, word, said)
		}
	}
	if takesJSON(name) {
		if out, said, code := s.run(append(slices.Clone(p.wrong), "--json")...); code != 2 || out != "" || !isErrorJSON(said,
			2) {
			t.Errorf("%q --json ends with %d, standard output %q, standard error %q", p.wrong, code, out, said)
		}
	}
	for code, args := range p.codes {
		fresh := newScript(t)
		if _, said, got := fresh.run(args...); got != code {
			t.Errorf("%q ends with %d, want %d: %s", args, got, code, said)
		}
		if name == "create" || name == "update" || name == "import" || name == "api" || name == "" {
			continue // --json is a file there, or the answer is JSON anyway
		}
		if _, said, _ := fresh.run(append(slices.Clone(args), "--json")...); code != 3 && !isErrorJSON(said, code) {
			t.Errorf("%q --json says %s", args, said)
		}
	}
}

// keepsOnTerminal runs the command where a person sees it: it ends in the same way,
// says something, draws no screen, and separates nothing by tabs.
func (s script) keepsOnTerminal(p promise) {
	t := s.t
	tt := (&stage{t, s.dir, append(slices.Clone(s.env), "PAGER=cat")}).start(s.words(p.args)...)
	if p.question != "" {
		must(t, tt.WaitFor(p.question))
		must(t, tt.Press("n", "enter"))
	}
	code, err := tt.Wait()
	must(t, err)
	if code != p.terminal && p.args[0] != "doctor" {
		t.Errorf("%q on a terminal ends with %d, want %d:\n%s", p.args, code, p.terminal, tt.Screen())
	}
	raw := string(tt.Raw())
	if strings.TrimSpace(tt.Screen()) == "" || strings.Contains(raw, "\x1b[?1049h") {
		t.Errorf("%q on a terminal writes %q", p.args, raw)
	}
	if heading := strings.ReplaceAll(p.columns, " ", "\t"); strings.Contains(heading, "\t") && p.args[0] != "export" &&
		strings.Contains(raw, heading) {
		t.Errorf("%q on a terminal has a heading for scripts: %q", p.args, raw)
	}
}

// isErrorJSON reports whether standard error ends with an error for programs.
func isErrorJSON(said string, code int) bool {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	var e struct {
		Error struct {
			Kind, Message string
			Code          int `json:"exit_code"`
		}
	}
	return json.Unmarshal([]byte(lines[len(lines)-1]), &e) == nil && e.Error.Kind != "" && e.Error.Message != "" &&
		e.Error.Code == code
}

func (s script) keepsOutput(p promise) {
	t := s.t
	out, said, code := s.run(slices.Clone(p.args)...)
	if code != 0 && p.args[0] != "doctor" {
		t.Errorf("%q ends with %d: %s", p.args, code, said)
	}
	head, _, _ := strings.Cut(out, "\n")
	if p.columns != "" && strings.ReplaceAll(head, "\t", " ") != p.columns {
		t.Errorf("%q has the columns %q, want %q", p.args, head, p.columns)
	}
	if p.members == "" {
		return
	}
	if !slices.Contains(p.args, "--json") && p.args[0] != "api" {
		out, said, code = s.run(append(slices.Clone(p.args), "--json")...)
	}
	var value any
	if err := json.Unmarshal([]byte(out), &value); err != nil || code != 0 {
		t.Fatalf("%q --json ends with %d, %v: %s %s", p.args, code, err, out, said)
	}
	if list, ok := value.([]any); ok && len(list) > 0 {
		value = list[0]
	}
	object, _ := value.(map[string]any)
	for _, name := range strings.Fields(p.members) {
		if _, ok := object[name]; !ok {
			t.Errorf("%q --json has no %s: %s", p.args, name, out)
		}
	}
}

// The columns of files keep their names and their order; new ones come behind.
func TestColumnsStayInOrder(t *testing.T) {
	t.Parallel()
	s := newScript(t)
	for _, args := range [][]string{{"list", "--limit", "1", "--tsv"}, {"list", "--limit", "1", "--csv"}, {"export"}} {
		out, said, code := s.run(args...)
		head, _, _ := strings.Cut(out, "\n")
		head = strings.NewReplacer("\t", " ", ",", " ").Replace(head)
		if code != 0 || !strings.HasPrefix(head, contactColumns) {
			t.Errorf("%q ends with %d %s and has the columns\n%s, want\n%s", args, code, said, head, contactColumns)
		}
	}
}
