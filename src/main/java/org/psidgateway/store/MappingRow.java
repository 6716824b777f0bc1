package org.psidgateway.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import org.hibernate.annotations.Immutable;

/** A row of {@code mapping}, for reading: it is written in bulk, by {@link MappingSql}. */
@Entity
@Immutable
@Table(name = "mapping")
@IdClass(MappingRow.Key.class)
class MappingRow {
  record Key(long asid, long pageId) implements Serializable {}

  @Id long asid;

  @Id
  @Column(name = "page_id")
  long pageId;

  long psid;

  @Column(name = "resolved_at")
  Instant resolvedAt;
}
