package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// What somebody else wrote, or had somebody type, does nothing to the terminal in
// which it is repeated.
func TestNothingActsOnATerminal(t *testing.T) {
	const hostile = "a\x1b[31mb\x1b]0;title\ac\u202egpj.exe\u2066\u009b31m\u0085d"
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	mustRun(t, "seed", data)
	file := filepath.Join(dir, "list "+hostile+".csv")
	list := "Serial Number,Model,School EMIS\n" + hostile + ",Takhti 11,37330250\nHP0001," + hostile + ",37330250\nHP0002,Takhti 11," + hostile + "\n"
	if err := os.WriteFile(file, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	shipment := []string{"import", "shipment", file, "--shipment", "S-7", "--to", "PK603-STORE"}
	for _, args := range [][]string{
		shipment, append(shipment, "--dry-run"), append(shipment, "--json"),
		{"import", "places", file},
		{"import", "shipment", file, "--shipment", hostile, "--to", hostile},
		{"import", "places", filepath.Join(dir, hostile)},
		{"device", "show", hostile},
		{"counts", "--place", hostile},
		{"counts", "--by", hostile},
		{"export", hostile},
		{hostile},
		{"--" + hostile},
		{"user", "add", hostile, "--role", "viewer"},
		{"user", "add", "x", "--role", hostile},
		{"user", "add", "x", "--role", "viewer", "--full-name", hostile},
		{"token", "create", hostile, "--role", "viewer", "--user", hostile},
		{"restore", filepath.Join(dir, hostile)},
		{"shipment", "show", hostile},
	} {
		if args[0] != hostile && !strings.HasPrefix(args[0], "--") {
			args = append(args, "--data", data)
		}
		cmd := exec.CommandContext(t.Context(), program(), args...)
		out, _ := cmd.CombinedOutput() // nearly all fail
		if len(out) == 0 {
			t.Errorf("%q: nothing is said", args)
		}
		for _, r := range string(out) {
			if unicode.IsControl(r) && r != '\n' && r != '\t' || r >= 0x2028 && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
				t.Errorf("%q: %U is printed:\n%q", args, r, out)
				break
			}
		}
	}
}

func TestJSONIsTheSameWithoutWhatActs(t *testing.T) {
	const text = "a\u202eb\u0085c\u009bd گورنمنٹ \x1b"
	var b strings.Builder
	if err := writeJSON(&b, text); err != nil {
		t.Fatal(err)
	}
	var back string
	if err := json.Unmarshal([]byte(b.String()), &back); err != nil || back != text || strings.ContainsAny(b.String(), "\u202e\u0085\u009b\x1b") {
		t.Errorf("%q becomes %q, %v", text, b.String(), err)
	}
}
