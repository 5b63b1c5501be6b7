package text

import "testing"

// Of a page that a gateway answered the reader gets the title, once.
func TestWithoutMarkup(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a plain message": "a plain message",
		"5 < 6 and <b>":   "5 < 6 and <b>",
		"the service answered 200 with text/html instead of JSON: <!DOCTYPE html> <html><head><title>Sign in to the network</title>": "the service answered 200 with text/html instead of JSON: Sign in to the network",
		"the service answered 502 Bad Gateway: <HTML> <head><TITLE>502 Bad Gateway</TITLE></head>":                                   "the service answered 502 Bad Gateway",
		"<html><body>nothing</body></html>": "",
	} {
		if got := WithoutMarkup(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
