package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

const testKey = "lev_sk_9f8e7d6c5b4a39281706wxyz"

func mustToken(t *testing.T, text string) Token {
	t.Helper()
	token, err := NewToken(text)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestNewToken(t *testing.T) {
	t.Parallel()
	if got := mustToken(t, " \n"+testKey+"\r\n").Reveal(); got != testKey {
		t.Errorf("%q", got)
	}
	for text, want := range map[string]string{
		"": "empty", " \n\t": "empty", "Bearer lev_sk_secretsecret": "leave out the word Bearer", "lev_sk_a\nlev_sk_b": "more than one line",
		"lev_sk_secret secret": "blanks", "lev_sk_sec\tret": "blanks", "lev_sk_sec\x00ret": "characters that no key has",
		"lev_sk_secrét": "characters that no key has", "lev_sk_\x7f": "characters that no key has", strings.Repeat("k", maxToken+1): "longer than 16384 bytes",
	} {
		token, err := NewToken(text)
		if err == nil || !strings.Contains(err.Error(), want) || !token.IsZero() {
			t.Errorf("%q: %v, want %q", text, err, want)
			continue
		}
		if !errors.Is(err, ErrKeyEmpty) && !errors.Is(err, ErrKeyForm) {
			t.Errorf("%q: untyped error %v", text, err)
		}
		if strings.Contains(err.Error(), "sec") {
			t.Errorf("the key is in its error: %v", err)
		}
	}
}

func TestMaskedForm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		testKey: "lev_sk_…wxyz", "eyJhbGciOiJIUzI1NiJ9.e30.abcdefgh": "eyJ…efgh", "lev_sk_short": "lev_sk_…",
		"0123456789abcdef": "…cdef", "0123456789abcde": "…", "lev_sk_0123456789abcdef": "lev_sk_…cdef",
	} {
		if got := mustToken(t, text).String(); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if got := (Token{}).String(); got != "(none)" {
		t.Errorf("no token: %s", got)
	}
}

func TestTokenIsInNoOutput(t *testing.T) {
	t.Parallel()
	token := mustToken(t, testKey)
	credential := Credential{Token: token, Source: SourceEnv}
	type hidden struct{ token Token }
	values := []any{token, &token, credential, &credential, []Token{token}, map[string]Token{"k": token}, hidden{token}, &hidden{token},
		struct{ Any any }{token}, fmt.Errorf("with %v", token), error(fmt.Errorf("with %w", errors.New(token.String())))}
	check := func(how, got string) {
		t.Helper()
		for _, part := range []string{testKey, testKey[8:20], fmt.Sprintf("%x", testKey[8:20]), fmt.Sprintf("%X", testKey[8:20]), fmt.Sprintf("%d", []byte(testKey[8:14]))} {
			if strings.Contains(got, strings.Trim(part, "[]")) {
				t.Errorf("%s shows the key: %s", how, got)
			}
		}
	}
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%c", "%o", "%U", "%p", "%t"} {
			check(verb, fmt.Sprintf(verb, v))
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Errorf("json: %v", err)
		}
		check("json", string(text))
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v, slog.Any("w", v), slog.Group("g", "v", v))
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v, slog.Any("w", v), slog.Group("g", "v", v))
		check("slog", log.String())
	}
	for how, got := range map[string]string{
		"%v": fmt.Sprintf("%v", token), "%#v": fmt.Sprintf("%#v", token), "%x": fmt.Sprintf("%x", token),
		"GoString": strings.TrimSuffix(strings.TrimPrefix(token.GoString(), "redact.Secret("), ")"), "LogValue": token.LogValue().String(),
	} {
		if got != "lev_sk_…wxyz" {
			t.Errorf("%s: %s", how, got)
		}
	}
	if text, err := token.MarshalText(); err != nil || string(text) != "lev_sk_…wxyz" {
		t.Errorf("%s %v", text, err)
	}
	func() {
		defer func() { check("panic", fmt.Sprint(recover())) }()
		panic(credential)
	}()
}
