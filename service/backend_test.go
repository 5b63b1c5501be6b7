package service_test

import (
	"levcontacts/service"
	"levcontacts/ui"
)

var _ ui.Backend = (*service.Service)(nil)
