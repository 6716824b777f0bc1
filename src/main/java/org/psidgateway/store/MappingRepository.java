package org.psidgateway.store;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import java.util.List;

@ApplicationScoped
class MappingRepository implements PanacheRepositoryBase<MappingRow, MappingRow.Key> {

  @ActivateRequestContext
  List<MappingRow> findByPsid(long page, long psid) {
    return list("pageId = ?1 and psid = ?2", Sort.by("asid"), page, psid);
  }
}
