-- Pieces that came last wait in a list, so that a registration does not write into many places of the index; it is kept
-- short (256 kB), as every search reads it.
create index registration_words_pieces_idx on registration_words using gin (string_to_array(pieces, ' '))
    with (gin_pending_list_limit = 256);
