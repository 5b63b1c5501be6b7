package edit

import "testing"

func TestSmoke(t *testing.T) { _ = Actions() }
