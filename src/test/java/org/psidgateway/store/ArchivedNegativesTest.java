package org.psidgateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.psidgateway.model.Mapping;
import org.psidgateway.model.PageId;
import org.psidgateway.model.UpstreamKind;
import org.psidgateway.model.Verdict;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Sql;

/** Of two upstreams, long after the last call: for whom they stand. */
class ArchivedNegativesTest {
  private static final PageId PAGE = new PageId(100);
  private static final long OLD = 1;
  private static final long OLD_OF_THE_OTHER = 2;
  private static final long RECENT = 3;
  private static final long MAPPED_SINCE = 4;
  private static final long[] ALL = {OLD, OLD_OF_THE_OTHER, RECENT, MAPPED_SINCE};

  private final Backing.Database database = Backing.freshDatabase();

  @BeforeEach
  void history() {
    new Sql(database.dataSource())
        .execute(
            """
            insert into negative (page_id, asid, verdict, upstream, resolved_at, checked_at)
            select 100, asid, verdict, upstream, now() - age, now() - age
              from (values (1, -1, 0, interval '3 years'), (2, -2, 1, interval '3 years'),
                           (3, -1, 0, interval '1 day'), (4, -1, 0, interval '1 day'))
                   as n (asid, verdict, upstream, age)
            """,
            "insert into mapping (page_id, asid, psid, resolved_at) values (100, 4, 44, now())");
  }

  @Test
  void archive_knowsThemAll_whoeverSaidSo_andWhenever() throws SQLException {
    MappingStore archive = Stores.on(database.dataSource(), UpstreamKind.NONE);

    assertThat(known(archive)).containsExactly(OLD, OLD_OF_THE_OTHER, RECENT, MAPPED_SINCE);
    assertThat(archive.find(PAGE, OLD).map(Mapping::verdict)).contains(Verdict.UNMAPPED);
    assertThat(archive.find(PAGE, OLD_OF_THE_OTHER).map(Mapping::verdict))
        .contains(Verdict.REJECTED);
    assertThat(archive.find(PAGE, MAPPED_SINCE).map(Mapping::verdict)).contains(44L);
  }

  @Test
  void upstream_asksAgain_whatIsOldOrTheOthers() throws SQLException {
    assertThat(known(Stores.on(database.dataSource(), UpstreamKind.PAGES_ID_MAPPING)))
        .containsExactly(RECENT, MAPPED_SINCE);
    assertThat(known(Stores.on(database.dataSource(), UpstreamKind.ID_MATCHING)))
        .containsExactly(MAPPED_SINCE);
  }

  private static long[] known(MappingStore store) throws SQLException {
    return Arrays.stream(store.lookUp(PAGE, ALL).asids()).sorted().toArray();
  }
}
