package crm

import (
	"context"
	"log/slog"
	"strings"

	"rowhouse/crm/custom"
	"rowhouse/crm/entity"
	"rowhouse/tenant"
)

// entities are what a tenant's plan includes, and a key that stands for them. Custom modules come behind the built-in
// ones; a tenant that has none pays nothing for those that others have.
func (c *CRM) entities(ctx context.Context, site tenant.Site) (key string, list []entity.Entity) {
	key, list = strings.Join(site.Limits.Modules, ","), included(site.Limits)
	if c.Modules == nil || !strings.Contains(key, custom.Prefix) {
		return key, list
	}
	set, err := c.Modules(ctx, site.Limits.Modules)
	if err == nil && len(set.Modules) == 0 {
		return key, list
	}
	if err == nil {
		own := key + "/" + set.Key
		var kept any
		kept, err = site.DB.Keep("entities/"+own, func() (any, error) { return custom.Open(ctx, site.DB, set, list, Entities(), c.Clock.Now()) })
		if err == nil {
			return own, kept.([]entity.Entity)
		}
	}
	// The rest of the CRM is worth more than the module. What has failed is tried again with the next request.
	slog.Error("custom modules are left out", "tenant", site.Name, "err", err)
	return key, list
}
