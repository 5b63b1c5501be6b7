//go:build unix

package desktop

import (
	"os"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	t.Setenv("LEV_API_KEY", "lev_sk_never")
	d := New(os.LookupEnv)
	out, err := d.Run(t.Context(), []string{"sh", "-c", `echo "$LEV_CONTACT_EMAIL $1 key:$LEV_API_KEY"`, "sh", "a; $(id)"},
		[]string{"LEV_CONTACT_EMAIL=a@b.com"})
	if err != nil || out != "a@b.com a; $(id) key:\n" {
		t.Errorf("%q, %v", out, err)
	}
	if _, err := d.Run(t.Context(), []string{"no-such-program-here"}, nil); err == nil || !strings.Contains(err.Error(),
		"there is no program") {
		t.Errorf("missing: %v", err)
	}
	out, err = d.Run(t.Context(), []string{"sh", "-c", "echo half; echo first >&2; echo no such customer >&2; exit 3"},
		nil)
	if out != "half\n" || err == nil || !strings.Contains(err.Error(), "exit status 3 and said: no such customer") {
		t.Errorf("failed: %q, %v", out, err)
	}
	out, err = d.Run(t.Context(), []string{"sh", "-c", "head -c 3000000 /dev/zero"}, nil)
	if len(out) != mostOutput || err != nil {
		t.Errorf("much: %d bytes, %v", len(out), err)
	}
}
