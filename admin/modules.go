package admin

import (
	"rowhouse/crm/contact"
	"rowhouse/crm/customer"
	"rowhouse/crm/entity"
	"rowhouse/crm/lead"
)

// modules are what a plan can include.
func (p *Panel) modules() []entity.Entity {
	if len(p.Modules) > 0 {
		return p.Modules
	}
	return []entity.Entity{lead.Entity, customer.Entity, contact.Entity}
}
