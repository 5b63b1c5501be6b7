package service_test

import (
	"github.com/levcontacts/levcontacts/service"
	"github.com/levcontacts/levcontacts/ui"
)

var _ ui.Backend = (*service.Service)(nil)
