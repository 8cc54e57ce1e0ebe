-- The index holds pieces and the number of the row that has them; triggers keep it beside its table.
create virtual table registration_pieces using fts5 (
    pieces, content = 'registration_words', content_rowid = 'number', tokenize = 'ascii', detail = none
);
insert into registration_pieces (registration_pieces) values ('rebuild');
-- What is taken out leaves no trace in it.
insert into registration_pieces (registration_pieces, rank) values ('secure-delete', 1);
create trigger registration_words_inserted after insert on registration_words begin
    insert into registration_pieces (rowid, pieces) values (new.number, new.pieces); end;
create trigger registration_words_deleted after delete on registration_words begin
    insert into registration_pieces (registration_pieces, rowid, pieces) values ('delete', old.number, old.pieces); end;
create trigger registration_words_updated after update on registration_words begin
    insert into registration_pieces (registration_pieces, rowid, pieces) values ('delete', old.number, old.pieces); insert into registration_pieces (rowid, pieces) values (new.number, new.pieces); end;
