-- A function that runs as its definer runs past the policies.
select place from functions where prosecdef
