package config

import "testing"

func TestThemeFollowsTheLocale(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, file   string
		env          map[string]string
		want, origin string
	}{
		{"nothing said", "", nil, "auto", "default"},
		{"empty", "", map[string]string{"LC_ALL": "", "LC_CTYPE": "", "LANG": ""}, "auto", "default"},
		{"C", "", map[string]string{"LANG": "C"}, "ascii", "environment LANG=C, which is not UTF-8"},
		{"POSIX", "", map[string]string{"LC_ALL": "POSIX", "LANG": "en_US.UTF-8"}, "ascii", "environment LC_ALL=POSIX, which is not UTF-8"},
		{"Latin", "", map[string]string{"LC_CTYPE": "de_DE.ISO-8859-15@euro", "LANG": "de_DE.UTF-8"}, "ascii", "environment LC_CTYPE=de_DE.ISO-8859-15@euro, which is not UTF-8"},
		{"Chinese", "", map[string]string{"LANG": "zh_CN.GB18030"}, "ascii", "environment LANG=zh_CN.GB18030, which is not UTF-8"},
		{"UTF-8 before C", "", map[string]string{"LC_ALL": "C.UTF-8", "LANG": "C"}, "auto", "default"},
		{"as macOS writes it", "", map[string]string{"LC_CTYPE": "UTF-8", "LANG": "C"}, "auto", "default"},
		{"as glibc writes it", "", map[string]string{"LANG": "ca_ES.utf8@valencia"}, "auto", "default"},
		{"no charset said", "", map[string]string{"LANG": "en_US"}, "auto", "default"},
		{"auto written down", "theme = \"auto\"\n", map[string]string{"LANG": "C"}, "ascii", "environment LANG=C, which is not UTF-8"},
		{"a theme written down", "theme = \"light\"\n", map[string]string{"LANG": "C"}, "light", "config.toml:1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := testInput(t)
			in.Env = lookup(tt.env)
			if tt.file != "" {
				writeConfig(t, in, tt.file)
			}
			if got := load(t, in).Theme; got.Value != tt.want || got.Origin.String() != tt.origin {
				t.Errorf("%s (%s), want %s (%s)", got.Value, got.Origin, tt.want, tt.origin)
			}
		})
	}
}
