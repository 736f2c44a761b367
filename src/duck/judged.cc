#include "duck/judged.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace tarn::duck {
namespace {

struct Group {
  std::string_view why, names;
};
struct Lists {
  std::string_view allowed;
  std::vector<Group> refused;
};

// Functions, aggregates and macros that give a value from their arguments.
const Lists kValueFunctions{
    R"(!__postfix !~~ !~~* % & && * ** + - ->> / // <-> << <=> <@ >> @ @> ^ ^@ abs acos acosh add age aggregate ago alias any_value apply
approx_count_distinct approx_quantile approx_top_k arbitrary arg_max arg_max_null arg_max_nulls_last arg_min arg_min_null
arg_min_nulls_last argmax argmin array_agg array_aggr array_aggregate array_append array_apply array_cat array_concat array_contains
array_cosine_distance array_cosine_similarity array_cross_product array_distance array_distinct array_dot_product array_extract
array_filter array_grade_up array_has array_has_all array_has_any array_indexof array_inner_product array_intersect array_length
array_negative_dot_product array_negative_inner_product array_pop_back array_pop_front array_position array_prepend array_push_back
array_push_front array_reduce array_resize array_reverse array_reverse_sort array_select array_slice array_sort array_to_json
array_to_string array_to_string_comma_default array_transform array_unique array_value array_where array_zip ascii asin asinh atan atan2
atanh avg bar base64 bin bit_and bit_count bit_length bit_or bit_position bit_xor bitstring bool_and bool_or
can_cast_implicitly cardinality cast_to_type cbrt ceil ceiling century char_length character_length chr col_description concat concat_ws
constant_or_null contains corr cos cosh cot count count_if count_star countif covar_pop covar_samp create_sort_key cume_dist
current_catalog current_database current_date current_localtime current_localtimestamp current_role current_schema current_schemas
current_setting current_user damerau_levenshtein date_add date_diff date_part date_sub date_trunc datediff datepart datesub datetrunc
day dayname dayofmonth dayofweek dayofyear days_in_month decade decode degrees dense_rank divide editdist3 element_at encode ends_with
entropy enum_code enum_first enum_last enum_range enum_range_boundary epoch epoch_ms epoch_ns epoch_us equi_width_bins era error even
exp factorial favg fdiv fill filter first first_value flatten floor fmod format formatreadabledecimalsize formatreadablesize
format_bytes format_pg_type format_type from_base64 from_binary from_hex from_json from_json_strict fsum gamma gcd gen_random_uuid
generate_series generate_subscripts geomean geometric_mean get_bit get_current_time get_current_timestamp get_type grade_up greatest
greatest_common_divisor group_concat hamming has_any_column_privilege has_column_privilege has_database_privilege
has_foreign_data_wrapper_privilege has_function_privilege has_language_privilege has_schema_privilege has_sequence_privilege
has_server_privilege has_table_privilege has_tablespace_privilege hash hex histogram histogram_exact hour icu_collate_* icu_sort_key
ilike_escape in_search_path inet_client_addr inet_client_port inet_server_addr inet_server_port instr is_histogram_other_bin isfinite
isinf isnan isodow isoyear jaccard jaro_similarity jaro_winkler_similarity json json_array json_array_length json_contains
json_deserialize_sql json_exists json_extract json_extract_path json_extract_path_text json_extract_string json_group_array
json_group_object json_group_structure json_keys json_merge_patch json_object json_pretty json_quote json_serialize_sql json_structure
json_transform json_transform_strict json_type json_valid json_value julian kahan_sum kurtosis kurtosis_pop lag last last_day last_value
lcase lcm lead least least_common_multiple left left_grapheme len length length_grapheme levenshtein lgamma like_escape list list_aggr
list_aggregate list_any_value list_append list_apply list_approx_count_distinct list_avg list_bit_and list_bit_or list_bit_xor
list_bool_and list_bool_or list_cat list_concat list_contains list_cosine_distance list_cosine_similarity list_count list_distance
list_distinct list_dot_product list_element list_entropy list_extract list_filter list_first list_grade_up list_has list_has_all
list_has_any list_histogram list_indexof list_inner_product list_intersect list_kurtosis list_kurtosis_pop list_last list_mad list_max
list_median list_min list_mode list_negative_dot_product list_negative_inner_product list_pack list_position list_prepend list_product
list_reduce list_resize list_reverse list_reverse_sort list_select list_sem list_skewness list_slice list_sort list_stddev_pop
list_stddev_samp list_string_agg list_sum list_transform list_unique list_value list_var_pop list_var_samp list_where list_zip listagg
ln log log10 log2 lower lpad ltrim mad make_date make_time make_timestamp make_timestamp_ms make_timestamp_ns make_timestamptz make_type
map map_concat map_contains map_contains_entry map_contains_value map_entries map_extract map_extract_value map_from_entries map_keys
map_to_pg_oid map_values max max_by md5 md5_number md5_number_lower md5_number_upper mean median microsecond millennium millisecond min
min_by minute mismatches mod mode month monthname multiply nanosecond nextafter nfc_normalize normalized_interval not_ilike_escape
not_like_escape now nth_value ntile nullif obj_description octet_length ord parse_dirname parse_dirpath parse_filename
parse_formatted_bytes parse_path percent_rank pg_collation_is_visible pg_conf_load_time pg_conversion_is_visible pg_function_is_visible
pg_has_role pg_is_other_temp_schema pg_my_temp_schema pg_opclass_is_visible pg_operator_is_visible pg_opfamily_is_visible
pg_postmaster_start_time pg_size_pretty pg_table_is_visible pg_ts_config_is_visible pg_ts_dict_is_visible pg_ts_parser_is_visible
pg_ts_template_is_visible pg_type_is_visible pg_typeof pi position pow power prefix printf product quantile quantile_cont quantile_disc
quarter radians random range rank rank_dense reduce regexp_escape regexp_extract regexp_extract_all regexp_full_match regexp_matches
regexp_replace regexp_split_to_array regexp_split_to_table regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx
regr_sxy regr_syy remap_struct repeat replace replace_type reservoir_quantile reverse right right_grapheme round round_even roundbankers
row row_number row_to_json rpad rtrim second sem session_user set_bit sha1 sha256 shobj_description sign signbit sin sinh skewness split
split_part sqrt st_asbinary st_astext st_aswkb st_aswkt st_crs st_geomfromwkb st_intersects_extent st_setcrs starts_with stddev
stddev_pop stddev_samp str_split str_split_regex strftime string_agg string_split string_split_regex string_to_array strip_accents
strlen strpos strptime struct_concat struct_contains struct_extract struct_extract_at struct_has struct_indexof struct_insert
struct_keys struct_pack struct_position struct_update struct_values substr substring substring_grapheme subtract suffix sum
sum_no_overflow sumkahan switch tan tanh time_bucket timetz_byte_comparable timezone timezone_hour timezone_minute to_base to_base64
to_binary to_centuries to_days to_decades to_hex to_hours to_json to_microseconds to_millennia to_milliseconds to_minutes to_months
to_quarters to_seconds to_timestamp to_weeks to_years today transaction_timestamp translate trim trunc try_strptime typeof ucase unbin
unhex unicode union_extract union_tag union_value unpivot_list upper url_decode url_encode user uuid uuid_extract_timestamp
uuid_extract_version uuidv4 uuidv7 var_pop var_samp variance variant_extract variant_typeof version wavg week weekday weekofyear
weighted_avg xor year yearweek | || ~ ~~ ~~* ~~~ unnest unlist)",
    {
        {"shows what lies in files, also of deleted rows", R"(bitstring_agg stats vector_type)"},
        {"shows texts of statements, which name files",
         R"(current_query pg_get_viewdef pg_get_expr pg_get_constraintdef)"},
        {"looks into a text of SQL that was not checked", R"(json_serialize_plan)"},
        {"keeps a state that outlives the statement", R"(currval nextval getvariable setseed)"},
        {"writes or reads logs", R"(write_log parse_duckdb_log_message)"},
        {"only waits", R"(sleep_ms pg_sleep)"},
        {"is a part of DuckDB's inside",
         R"(combine finalize current_connection_id current_query_id current_transaction_id txid_current get_block_size variant_bytes_to_variant
variant_to_parquet_variant variant_normalize __internal_compress_* __internal_decompress_*)"},
    }};

const Lists kTableFunctions{
    R"(duckdb_columns duckdb_databases duckdb_functions duckdb_keywords duckdb_schemas duckdb_tables duckdb_types generate_series
icu_calendar_names json_each json_tree pg_timezone_names pragma_collations pragma_version query_table range repeat repeat_row summary
unnest)",
    {
        {"reads files",
         R"(glob parquet_bloom_probe parquet_file_metadata parquet_full_metadata parquet_kv_metadata parquet_metadata parquet_scan parquet_schema
read_blob read_csv read_csv_auto read_duckdb read_json read_json_auto read_json_objects read_json_objects_auto read_ndjson
read_ndjson_auto read_ndjson_objects read_parquet read_text sniff_csv)"},
        {"shows texts of statements, which name files",
         R"(duckdb_views duckdb_prepared_statements duckdb_dependencies pragma_show)"},
        {"shows settings, paths and what DuckDB holds in memory",
         R"(duckdb_settings duckdb_profiling_settings duckdb_variables duckdb_extensions duckdb_external_file_cache duckdb_temporary_files
duckdb_memory duckdb_secrets duckdb_secret_types which_secret duckdb_connection_count duckdb_approx_database_count duckdb_optimizers
duckdb_coordinate_systems pragma_database_size pragma_platform pragma_user_agent)"},
        {"writes or reads logs",
         R"(disable_logging enable_logging duckdb_log_contexts duckdb_logs duckdb_logs_parsed truncate_duckdb_logs)"},
        {"runs a text of SQL that was not checked", R"(json_execute_serialized_sql query)"},
        {"proposes names of files", R"(sql_auto_complete)"},
        {"changes how DuckDB reads statements, prints or stores",
         R"(check_peg_parser checkpoint disable_peg_parser disable_profiling enable_peg_parser enable_profiling force_checkpoint)"},
        {"takes pointers, or tests DuckDB", R"(arrow_scan arrow_scan_dumb seq_scan test_all_types test_vector_types)"},
        {"takes the name of a table as a text",
         R"(histogram histogram_values pragma_metadata_info pragma_storage_info pragma_table_info)"},
        {"shows what DuckDB's own tables have, of which a lake's have none",
         R"(duckdb_constraints duckdb_indexes duckdb_sequences duckdb_table_sample)"},
    }};

// Views and tables of DuckDB's own.
const Lists kRelations{
    R"(duckdb_columns duckdb_databases duckdb_schemas duckdb_tables duckdb_types pg_catalog.pg_attribute pg_catalog.pg_class
pg_catalog.pg_namespace pg_catalog.pg_tables pg_catalog.pg_type information_schema.character_sets information_schema.columns
information_schema.schemata information_schema.tables)",
    {
        {"shows texts of statements, which name files",
         R"(duckdb_views sqlite_master sqlite_schema sqlite_temp_master sqlite_temp_schema information_schema.views pg_catalog.pg_views
pg_catalog.pg_prepared_statements pg_catalog.pg_proc pg_catalog.pg_attrdef pg_catalog.pg_description)"},
        {"shows settings, paths and what DuckDB holds in memory",
         R"(duckdb_logs pragma_database_list pg_catalog.pg_settings pg_catalog.pg_database pg_catalog.pg_tablespace)"},
        {"shows what DuckDB's own tables have, of which a lake's have none",
         R"(duckdb_constraints duckdb_indexes pg_catalog.pg_am pg_catalog.pg_collation pg_catalog.pg_constraint pg_catalog.pg_depend
pg_catalog.pg_enum pg_catalog.pg_index pg_catalog.pg_indexes pg_catalog.pg_sequence pg_catalog.pg_sequences
information_schema.check_constraints information_schema.constraint_column_usage information_schema.constraint_table_usage
information_schema.key_column_usage information_schema.referential_constraints information_schema.table_constraints)"},
    }};

// What current_setting() tells. None can be set.
const Lists kSettings{
    R"(calendar timezone default_collation default_null_order default_order ieee_floating_point_ops integer_division lambda_syntax
max_expression_depth max_memory memory_limit null_order old_implicit_casting order_by_non_integer_literal pivot_limit
preserve_identifier_case preserve_insertion_order scalar_subquery_error_on_multiple_rows threads worker_threads)",
    {
        {"shows paths, or how DuckDB works inside",
         R"(__delta_only_variant_encoding_enabled access_mode allocator_background_threads allocator_bulk_deallocation_flush_threshold
allocator_flush_threshold allow_community_extensions allow_extensions_metadata_mismatch allow_parser_override_extension
allow_persistent_secrets allow_unredacted_secrets allow_unsigned_extensions allowed_configs allowed_directories allowed_paths
arrow_large_buffer_size arrow_lossless_conversion arrow_output_list_view arrow_output_version asof_loop_join_threshold
auto_checkpoint_skip_wal_threshold autoinstall_extension_repository autoinstall_known_extensions autoload_known_extensions
binary_as_string block_allocator_memory catalog_error_max_schemas checkpoint_threshold current_transaction_invalidation_policy
custom_extension_repository custom_profiling_settings custom_user_agent debug_asof_iejoin debug_checkpoint_abort
debug_checkpoint_sleep_ms debug_eviction_queue_sleep_micro_seconds debug_force_external debug_force_no_cross_product
debug_physical_table_scan_execution_strategy debug_skip_checkpoint_on_commit debug_verify_blocks debug_verify_vector debug_window_mode
default_block_size default_secret_storage deprecated_using_key_syntax disable_database_invalidation disable_parquet_prefetching
disable_timestamptz_casts disabled_compression_methods disabled_filesystems disabled_log_types disabled_optimizers duckdb_api
dynamic_or_filter_threshold enable_caching_operators enable_external_access enable_external_file_cache enable_fsst_vectors
enable_geoparquet_conversion enable_http_logging enable_http_metadata_cache enable_logging enable_macro_dependencies enable_object_cache
enable_profiling enable_progress_bar enable_progress_bar_print enable_view_dependencies enabled_log_types errors_as_json
experimental_metadata_reuse explain_output extension_directories extension_directory external_threads file_search_path
force_bitpacking_mode force_column_metadata_reuse force_compression force_mbedtls_unsafe force_variant_shredding
geometry_minimum_shredding_size home_directory http_logging_output http_proxy http_proxy_password http_proxy_username ignore_unknown_crs
immediate_transaction_mode index_scan_max_count index_scan_percentage late_materialization_max_rows lock_configuration log_query_path
logging_level logging_mode logging_storage max_temp_directory_size max_vacuum_tasks merge_join_threshold nested_loop_join_threshold
ordered_aggregate_threshold parquet_metadata_cache partitioned_write_flush_threshold partitioned_write_max_open_files password
perfect_ht_threshold pin_threads pivot_filter_threshold prefer_range_joins prefetch_all_parquet_files produce_arrow_string_view
profile_output profiling_coverage profiling_mode profiling_output progress_bar_time scheduler_process_partial schema search_path
secret_directory storage_block_prefetch storage_compatibility_version streaming_buffer_size temp_directory temp_file_encryption user
username vacuum_rebuild_indexes validate_external_file_cache variant_minimum_shredding_size wal_autocheckpoint
wal_autocheckpoint_entries warnings_as_errors write_buffer_row_group_count write_buffer_row_group_memory_limit zstd_min_string_length)"},
    }};

const Lists kPragmas{
    "",
    {
        {"is not needed: SHOW, DESCRIBE and SUMMARIZE tell of tables",
         R"(add_parquet_key all_profiling_output collations copy_database database_list database_size disable_checkpoint_on_shutdown
disable_object_cache disable_optimizer disable_print_progress_bar disable_profile disable_profiling disable_progress_bar
disable_verification disable_verify_external disable_verify_fetch_row disable_verify_parallelism disable_verify_serializer
enable_checkpoint_on_shutdown enable_object_cache enable_optimizer enable_print_progress_bar enable_profile enable_profiling
enable_progress_bar enable_verification extension_versions force_checkpoint functions import_database json_execute_serialized_sql
metadata_info platform show show_databases show_tables show_tables_expanded storage_info table_info user_agent verify_external
verify_fetch_row verify_parallelism verify_serializer version)"},
    }};

// Each name with the reason why it is refused; an allowed one with "".
class Judgements {
 public:
  explicit Judgements(const Lists& lists) {
    add(lists.allowed, "");
    for (const Group& group : lists.refused) add(group.names, group.why);
  }
  std::optional<std::string_view> of(std::string_view name) const {
    if (const auto found = names_.find(name); found != names_.end()) return found->second;
    for (const auto& [stem, why] : stems_) {
      if (name.starts_with(stem)) return why;
    }
    return {};
  }

 private:
  static constexpr std::string_view kSpaces = " \n";
  void add(std::string_view names, std::string_view why) {
    for (size_t at = names.find_first_not_of(kSpaces); at != std::string_view::npos;) {
      const size_t end = std::min(names.find_first_of(kSpaces, at), names.size());
      const std::string_view name = names.substr(at, end - at);
      if (name.ends_with("_*")) {
        stems_.emplace_back(name.substr(0, name.size() - 1), why);
      } else {
        names_.emplace(name, why);
      }
      at = names.find_first_not_of(kSpaces, end);
    }
  }
  std::map<std::string_view, std::string_view> names_;
  std::vector<std::pair<std::string_view, std::string_view>> stems_;
};

const Judgements& judgements(Judged kind) {
  static const Judgements values(kValueFunctions), tables(kTableFunctions), relations(kRelations), settings(kSettings),
      pragmas(kPragmas);
  switch (kind) {
    case Judged::value_function:
      return values;
    case Judged::table_function:
      return tables;
    case Judged::relation:
      return relations;
    case Judged::setting:
      return settings;
    case Judged::pragma:
      break;
  }
  return pragmas;
}

}  // namespace

std::optional<std::string_view> why_refused(Judged kind, std::string_view name) { return judgements(kind).of(name); }

}  // namespace tarn::duck
